import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * How many bytes follow the head of a request that may be answered without yoga, 0 for a GET; null for every other request:
 * another method, a body that is not declared as JSON, is of unknown length, encoded, or larger than `maxBytes`.
 */
export function plainBodySize({ method, headers }: IncomingMessage, maxBytes: number): number | null {
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return null;
  const sizeBytes = Number(headers['content-length'] ?? 0);
  if (method === 'GET') return sizeBytes === 0 ? 0 : null;
  return method === 'POST' && isJson(headers) && sizeBytes > 0 && sizeBytes <= maxBytes ? sizeBytes : null;
}

const isJson = (headers: IncomingHttpHeaders): boolean =>
  /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
