import { Pool } from 'undici';
import type { ImageSource, SourceRequest } from '../image/source.ts';
import { bodyToPage } from './answer.ts';
import { answerToError, headToDetail, networkErrorToError } from './failure.ts';
import { withDeadline } from './with-deadline.ts';

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
  const { host } = new URL(options.endpoint);
  const pool = new Pool(options.endpoint, {
    connections: options.connections,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: options.headersTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs,
    maxResponseSize: options.maxBodyBytes,
  });

  /** The head of the answer, and its whole body whatever the status: what is left unread blocks the connection. */
  const get = async (path: string, token: string, { id, signal }: SourceRequest) => {
    const headers = { accept: 'application/json', 'x-auth-token': token, 'x-request-id': id };
    const answer = await pool.request({ method: 'GET', path, headers, signal }).catch((error: unknown) => {
      throw networkErrorToError(error);
    });
    const head = headToDetail(answer.statusCode, answer.headers, [token, host]);
    const body = await answer.body.text().catch((error: unknown) => {
      throw networkErrorToError(error, head);
    });
    return { head, body };
  };

  return {
    async list(query, caller, { id, signal }) {
      const path = query === '' ? options.listPath : `${options.listPath}?${query}`;
      const { head, body } = await withDeadline(options.deadlineMs, signal, (own) =>
        get(path, caller.token, { id, signal: own }),
      );
      if (head.status === 200) return bodyToPage(body, head);
      throw answerToError(head, body, [caller.token, host]);
    },
    close: () => pool.destroy(),
  };
}
