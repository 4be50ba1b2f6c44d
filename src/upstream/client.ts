import { type Dispatcher, Pool } from 'undici';
import type { ImagePage, ImageSource } from '../image/source.ts';
import { bodyToPage } from './answer.ts';
import { type Authentication, presentCallersToken, type Proof } from './authentication.ts';
import { answerToError, headToDetail, networkErrorToError, withPathHint } from './failure.ts';
import { withDeadline } from './with-deadline.ts';

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
  /** Longest time for a whole request, from the first wait for a connection to the last byte. */
  readonly deadlineMs: number;
  /** Largest body that is read. */
  readonly maxBodyBytes: number;
  /** What every request to the pool passes, the first one first. Default: nothing. */
  readonly interceptors?: readonly Dispatcher.DispatcherComposeInterceptor[];
}

/** The REST API as a source of images. */
export interface ImsClient extends ImageSource {
  /** Ends all requests and closes the connections. */
  close(): Promise<void>;
}

/** Asks the image service over a pool of kept-alive connections. Every failure is an `UpstreamError`. */
export function createImsClient(
  options: ImsClientOptions,
  authentication: Authentication = presentCallersToken,
): ImsClient {
  const { host } = new URL(options.endpoint);
  const pool = new Pool(options.endpoint, {
    connections: options.connections,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: options.headersTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs,
    maxResponseSize: options.maxBodyBytes,
  });
  const dispatcher = pool.compose([...(options.interceptors ?? [])].toReversed());

  /** One request. Its body is read whole whatever the status: what is left unread blocks the connection. */
  const get = async (path: string, proof: Proof, id: string, signal: AbortSignal): Promise<ImagePage> => {
    const secrets = [...proof.secrets, host];
    const headers = { accept: 'application/json', 'x-request-id': id, ...proof.headers };
    const answer = await dispatcher.request({ method: 'GET', path, headers, signal }).catch((error: unknown) => {
      throw networkErrorToError(error);
    });
    const head = headToDetail(answer.statusCode, answer.headers, secrets);
    const body = await answer.body.text().catch((error: unknown) => {
      throw networkErrorToError(error, head);
    });
    if (head.status === 200) return bodyToPage(body, head);
    throw withPathHint(answerToError(head, body, secrets), options.listPathSetting);
  };

  return {
    list(query, caller, { id, signal }) {
      const path = query === '' ? options.listPath : `${options.listPath}?${query}`;
      return withDeadline(options.deadlineMs, signal, (own) =>
        authentication.answer({ host, path: options.listPath, query, caller, signal: own }, (proof, until) =>
          get(path, proof, id, until),
        ),
      );
    },
    close: async () => {
      await Promise.all([pool.destroy(), authentication.close()]);
    },
  };
}
