import { isDeepStrictEqual } from 'node:util';
import type { AnsweredPage } from './contestants.ts';

/** An answer to one question. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly json: any;
}

/** Posts a body as a caller does. */
export async function ask(url: string, body: string, token = 'demo'): Promise<Answered> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': token, 'accept-encoding': 'identity' },
    body,
    signal: AbortSignal.timeout(30_000),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, json: parse(bytes) };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return null;
  }
}

/** What is wrong with an answer by itself; null for nothing. */
export function complaintOf({ status, json }: Pick<Answered, 'status' | 'json'>): string | null {
  if (status !== 200) return `status ${status}: ${JSON.stringify(json).slice(0, 300)}`;
  return json?.errors === undefined ? null : `errors: ${JSON.stringify(json.errors).slice(0, 300)}`;
}

/** The first difference between a page and the expected one, as far as both say; null for none. */
export function differenceOf(expected: AnsweredPage, received: AnsweredPage): string | null {
  if (expected.rows.length === 0) return 'expected images, but there are none';
  if (expected.rows.length !== received.rows.length) {
    return `expected ${expected.rows.length} images, but received ${received.rows.length}`;
  }
  for (const [i, row] of expected.rows.entries()) {
    const other = likeness(row, received.rows[i]);
    if (!isDeepStrictEqual(row, other)) {
      return `image ${i}: expected ${JSON.stringify(row)}, but received ${JSON.stringify(other)}`;
    }
  }
  if (received.beside === undefined || isDeepStrictEqual(expected.beside, received.beside)) return null;
  return `beside the images: expected ${show(expected.beside)}, but received ${show(received.beside)}`;
}

const show = (value: unknown): string => JSON.stringify(value).slice(0, 300);

/** The part of `value` that has the names of `pattern`. */
function likeness(pattern: any, value: any): unknown {
  if (pattern === null || typeof pattern !== 'object' || value === null || typeof value !== 'object') return value;
  if (Array.isArray(pattern)) return Array.isArray(value) ? value.map((one, i) => likeness(pattern[i], one)) : value;
  return Object.fromEntries(Object.keys(pattern).map((name) => [name, likeness(pattern[name], value[name])]));
}
