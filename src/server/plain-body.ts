import type { IncomingMessage } from 'node:http';
import { declaresJson } from './json-type.ts';

/**
 * How many bytes follow the head of a request that may be answered without yoga, 0 for a GET; null for every other request:
 * another method, a body that is not declared as JSON, is of unknown length, encoded, or larger than `maxBytes`.
 */
export function plainBodySize({ method, headers }: IncomingMessage, maxBytes: number): number | null {
  const isJson = declaresJson(headers);
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return null;
  const sizeBytes = Number(headers['content-length'] ?? 0);
  if (method === 'GET') return sizeBytes === 0 ? 0 : null;
  return method === 'POST' && isJson && sizeBytes > 0 && sizeBytes <= maxBytes ? sizeBytes : null;
}
