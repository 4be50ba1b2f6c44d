import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { percentEncode } from '../image/query-string.ts';
import { type Accounts, nameToSecretKey } from './accounts.ts';
import { RefusedError } from './errors.ts';

/** Judges requests that are signed with `SDK-HMAC-SHA256`. */
export interface Signatures {
  /** The name whose access key has signed a request without body. Throws the refusals of the API gateway. */
  requestToName(request: IncomingMessage): string;
}

/** How far the date of a signature may be from the server's. */
const MOST_SKEW_MS = 15 * 60_000;
/** More failures than these in a row lock a key. */
const MOST_FAILURES = 5;
const LOCK_MS = 5 * 60_000;

const form = /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([\da-f]{64})$/;

const refused = (detail: string) => new RefusedError('APIGW.0301', detail);
const failed = (reason: string) => refused(`verify aksk signature fail, ${reason}`);

/**
 * The signatures of the demonstration keys. Written after the documentation, and not shared with the gateway's own signer:
 * a test of the two together would find them right whatever they agreed on.
 */
export function createSignatures(accounts: Accounts, wallNow: () => number): Signatures {
  const failures = new Map<string, { count: number; lockedUntil: number }>();

  const count = (name: string) => {
    const { count: before } = failures.get(name) ?? { count: 0 };
    const isLocking = before + 1 > MOST_FAILURES;
    failures.set(name, { count: before + 1, lockedUntil: isLocking ? wallNow() + LOCK_MS : 0 });
  };

  return {
    requestToName(request) {
      const [, name, signedHeaders = '', signature] = form.exec(request.headers.authorization ?? '') ?? [];
      if (name === undefined) throw failed('the Authorization header has another form');
      if (!accounts.isKnown(name)) throw refused(`Get secretKey failed,ak:${name.slice(0, 40)},err:ak not exist`);
      const { lockedUntil = 0 } = failures.get(name) ?? {};
      if (wallNow() < lockedUntil) throw refused('AK access failed to reach the limit,forbidden');
      if (lockedUntil > 0) failures.delete(name);
      try {
        verify(request, signedHeaders.split(';'), signature ?? '', nameToSecretKey(name), wallNow());
      } catch (error) {
        count(name);
        throw error;
      }
      failures.delete(name);
      return name;
    },
  };
}

function verify(request: IncomingMessage, signed: string[], signature: string, secretKey: string, wallMs: number) {
  const headers = signed.map((name) => [name, request.headersDistinct[name]?.join(',').trim() ?? ''] as const);
  const date = new Map(headers).get('x-sdk-date') ?? '';
  if (date === '') throw failed('X-Sdk-Date is not signed');
  const dateMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(wallMs - dateMs) <= MOST_SKEW_MS)) throw failed('X-Sdk-Date is more than 15 minutes away');

  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const canonical = [
    request.method,
    `${path.replace(/\/$/, '')}/`,
    toCanonicalQuery(query),
    headers.map(([name, value]) => `${name}:${value}\n`).join(''),
    signed.join(';'),
    sha256(''),
  ].join('\n');
  const text = ['SDK-HMAC-SHA256', date, sha256(canonical)].join('\n');
  if (createHmac('sha256', secretKey).update(text).digest('hex') !== signature) throw failed('the signatures differ');
}

const order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const toCanonicalQuery = (query: string): string =>
  [...new URLSearchParams(query)]
    .toSorted(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map((pair) => pair.map(percentEncode).join('='))
    .join('&');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
