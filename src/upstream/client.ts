import { Pool } from 'undici';
import { UpstreamError } from '../image/errors.ts';
import type { ImageSource } from '../image/source.ts';
import { bodyToPage } from './answer.ts';
import { answerToError, networkErrorToError } from './failure.ts';

export interface ImsClientOptions {
  /** Scheme, host and port, such as `https://ims.ap-southeast-1.myhuaweicloud.com`. */
  readonly endpoint: string;
  /** The list's path: `/v1/cloudimages/fuzzy`, or `/v2/cloudimages` where a region lacks that. */
  readonly listPath: string;
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
}

/** The REST API as a source of images. */
export interface ImsClient extends ImageSource {
  /** Ends all requests and closes the connections. */
  close(): Promise<void>;
}

/** Asks the image service over a pool of kept-alive connections. Every failure is an `UpstreamError`. */
export function createImsClient(options: ImsClientOptions): ImsClient {
  const pool = new Pool(options.endpoint, {
    connections: options.connections,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: options.headersTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs,
    maxResponseSize: options.maxBodyBytes,
  });

  const get = async (path: string, token: string, signal: AbortSignal) => {
    const headers = { accept: 'application/json', 'x-auth-token': token };
    const { statusCode, headers: answered, body } = await pool.request({ method: 'GET', path, headers, signal });
    return { statusCode, headers: answered, body: await body.text() };
  };

  return {
    async list(query, caller, signal) {
      const deadline = AbortSignal.timeout(options.deadlineMs);
      const path = query === '' ? options.listPath : `${options.listPath}?${query}`;
      const answer = await get(path, caller.token, AbortSignal.any([signal, deadline])).catch((error: unknown) => {
        signal.throwIfAborted();
        if (!deadline.aborted) throw networkErrorToError(error);
        throw new UpstreamError('UPSTREAM_TIMEOUT', `The image service did not answer within ${options.deadlineMs} ms.`);
      });
      if (answer.statusCode === 200) return bodyToPage(answer.body);
      throw answerToError(answer.statusCode, answer.headers, answer.body, caller.token);
    },
    close: () => pool.destroy(),
  };
}
