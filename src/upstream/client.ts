import { type Dispatcher, Pool } from 'undici';
import type { ImagePage, ImageSource } from '../image/source.ts';
import { bodyToPage, bodyToText } from './answer.ts';
import { type Authentication, presentCallersToken, type Proof, type SendProven } from './authentication.ts';
import { createKnownImages, type KnownImages } from './known-images.ts';
import { type AnswerHead, answerToError, headToDetail, withPathHint } from './failure.ts';
import { type AttemptObserver, observeAttempt, unobserved } from './observe-attempt.ts';
import { readWhole } from './read-whole.ts';

export interface ImsClientOptions {
  /** Scheme, host and port, such as `https://ims.ap-southeast-1.myhuaweicloud.com`. */
  readonly endpoint: string;
  /** The list's path: `/v1/cloudimages/fuzzy`, or `/v2/cloudimages` where a region lacks that. */
  readonly listPath: string;
  /** What an operator calls that setting. */
  readonly listPathSetting: string;
  /** Most connections at once; further requests wait. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Longest wait for the head of an answer. */
  readonly headersTimeoutMs: number;
  /** Longest pause within the body of an answer. */
  readonly bodyTimeoutMs: number;
  /** Largest body that is read. */
  readonly maxBodyBytes: number;
  /** Bytes of images to remember, so that one that comes again is not parsed again; 0 for none. */
  readonly knownImagesMaxBytes: number;
  /** A wall clock in milliseconds since 1970, for what upstream says with dates. */
  readonly wallNow: () => number;
  /** What every request to the pool passes, the first one first. Default: nothing. */
  readonly interceptors?: readonly Dispatcher.DispatcherComposeInterceptor[];
}

/** The REST API as a source of images. */
export interface ImsClient extends ImageSource {
  /** How many images are known, and how many bytes they count as. */
  knownImages(): ReturnType<KnownImages['size']>;
  /** Ends all requests and closes the connections. */
  close(): Promise<void>;
}

/**
 * Asks the image service over a pool of kept-alive connections. Every failure is an `UpstreamError`. How long a question
 * may take as a whole is its signal's matter.
 */
export function createImsClient(
  options: ImsClientOptions,
  authentication: Authentication = presentCallersToken,
  observer: AttemptObserver = unobserved,
): ImsClient {
  const { host } = new URL(options.endpoint);
  const pool = new Pool(options.endpoint, {
    connections: options.connections,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: options.headersTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs,
    maxResponseSize: options.maxBodyBytes,
  });
  const known = createKnownImages(options.knownImagesMaxBytes);
  const { interceptors = [] } = options;
  const dispatcher = interceptors.length === 0 ? pool : pool.compose(interceptors.toReversed());

  const get = async (
    path: string,
    proof: Proof,
    id: string,
    signal: AbortSignal,
    tellHead: (head: AnswerHead) => void,
  ): Promise<ImagePage> => {
    const secrets = [...proof.secrets, host];
    const sent = { accept: 'application/json', 'x-request-id': id, ...proof.headers };
    const { head, headers, body } = await readWhole(dispatcher, { path, headers: sent, signal }, (status, received) => {
      const arrived = headToDetail(status, received, secrets);
      tellHead(arrived);
      return arrived;
    });
    if (head.status === 200) return bodyToPage(body, head, known);
    const error = answerToError(head, bodyToText(body), secrets, { headers, wallMs: options.wallNow() });
    throw withPathHint(error, options.listPathSetting);
  };

  return {
    async list(query, caller, { id, signal }) {
      signal.throwIfAborted();
      const path = query === '' ? options.listPath : `${options.listPath}?${query}`;
      const send: SendProven = (proof, until) =>
        observeAttempt(id, observer, (tellHead) => get(path, proof, id, until, tellHead));
      return authentication.answer({ host, path: options.listPath, query, caller, signal }, send);
    },
    knownImages: () => known.size(),
    close: async () => {
      await Promise.all([pool.destroy(), authentication.close()]);
    },
  };
}
