import { createHash, createHmac } from 'node:crypto';
import { percentEncode } from '../../image/query-string.ts';

/** A request as far as a signature covers it. */
export interface SignableRequest {
  readonly method: string;
  /** Not encoded. */
  readonly path: string;
  /** As it is sent: `name=value` pairs, percent-encoded, joined by `&`; in any order. */
  readonly query: string;
  /** The headers to sign, `X-Sdk-Date` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly body?: string;
}

const ALGORITHM = 'SDK-HMAC-SHA256';

/** The `Authorization` of a request by the cloud's `SDK-HMAC-SHA256` (API Request Signing Guide, "Algorithm"). */
export function signRequest(request: SignableRequest, key: { readonly accessKey: string; readonly secretKey: string }) {
  const headers = canonicalHeaders(request);
  const date = headers.find(([name]) => name === 'x-sdk-date')?.[1] ?? '';
  const stringToSign = [ALGORITHM, date, sha256(toCanonicalRequest(request))].join('\n');
  const signature = createHmac('sha256', key.secretKey).update(stringToSign).digest('hex');
  const signed = headers.map(([name]) => name).join(';');
  return `${ALGORITHM} Access=${key.accessKey}, SignedHeaders=${signed}, Signature=${signature}`;
}

/** The one text that both sides make of a request. Its path ends in a slash, whether the request's own does or not. */
export function toCanonicalRequest(request: SignableRequest): string {
  const headers = canonicalHeaders(request);
  const path = request.path.split('/').map(percentEncode).join('/');
  return [
    request.method,
    path.endsWith('/') ? path : `${path}/`,
    toCanonicalQuery(request.query),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    headers.map(([name]) => name).join(';'),
    sha256(request.body ?? ''),
  ].join('\n');
}

/**
 * The pairs sorted by name, then by value. An `ImageQuery` is sorted too, but as whole text, in which `hw_a1=` stands
 * before `hw_a=`.
 */
function toCanonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map(toPair);
  const sorted = pairs.toSorted(([a, x], [b, y]) => compareBytes(a, b) || compareBytes(x, y));
  return sorted.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}

function toPair(pair: string): [name: string, value: string] {
  const end = pair.includes('=') ? pair.indexOf('=') : pair.length;
  return [decodeURIComponent(pair.slice(0, end)), decodeURIComponent(pair.slice(end + 1))];
}

const canonicalHeaders = ({ headers }: SignableRequest): [name: string, value: string][] =>
  Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim()])
    .toSorted(([a], [b]) => compareBytes(a, b));

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A wall clock's milliseconds as `X-Sdk-Date` has them: `20060102T150405Z`. */
export const toSdkDate = (wallMs: number): string => new Date(wallMs).toISOString().replace(/[-:]|\.\d+/g, '');
