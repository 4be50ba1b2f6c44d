import type { IncomingMessage } from 'node:http';

export interface PlainRequestOptions {
  readonly maxRequestBytes: number;
  /** Whether pages of other origins may be told of answers, so that an answer to one depends on where it comes from. */
  readonly cors: boolean;
}

/** The size of the body of a request that may be a plain one, by its head; null for every other request. */
export function plainBodySize(
  { method, url = '', headers }: IncomingMessage,
  { maxRequestBytes, cors }: PlainRequestOptions,
): number | null {
  const sizeBytes = Number(headers['content-length'] ?? 0);
  const isPlain =
    method === 'POST' &&
    !url.includes('?') &&
    (headers.origin === undefined || !cors) &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '') &&
    sizeBytes > 0 &&
    sizeBytes <= maxRequestBytes;
  return isPlain ? sizeBytes : null;
}
