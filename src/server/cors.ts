import type { CORSOptions } from 'graphql-yoga';
import { REQUEST_ID_HEADER } from './request-id.ts';

/** What a page of another origin may read of an answer beside its body. */
const exposedHeaders = [REQUEST_ID_HEADER, 'retry-after', 'etag', 'age', 'warning'];

/** How long a browser need not ask again; Chromium asks after two hours at the latest. */
const PREFLIGHT_SECONDS = 7200;

const shared = {
  methods: ['GET', 'HEAD', 'POST'],
  credentials: false,
  exposedHeaders,
  maxAge: PREFLIGHT_SECONDS,
} satisfies CORSOptions;

/** No origin has an asterisk, which yoga would take for all of them. */
const isAllowed = (origins: readonly string[], origin: string): boolean =>
  (origins.includes('*') || origins.includes(origin)) && !origin.includes('*');

/**
 * What pages of other origins may do: those of `origins` (`*` for all) may send any header and read answers; all others
 * are told nothing. Credentials are never allowed: a caller is known by a header that a page has to set itself.
 */
export function toCors(origins: readonly string[]): false | ((request: Request) => CORSOptions) {
  if (origins.length === 0) return false;
  return (request) => {
    const origin = request.headers.get('origin');
    return origin !== null && isAllowed(origins, origin) && { ...shared, origin };
  };
}

type Headers = readonly (readonly [name: string, value: string])[];

/** The headers of an answer to a POST that tell a page of `origin` that it may be read; none where it may not. */
export type CorsHeaders = (origin: string | undefined) => Headers;

/** Those that `toCors` has yoga send. */
export function toCorsHeaders(origins: readonly string[]): CorsHeaders {
  const more: Headers = [
    ['access-control-allow-methods', shared.methods.join(', ')],
    ['access-control-expose-headers', shared.exposedHeaders.join(', ')],
    ['access-control-max-age', String(shared.maxAge)],
  ];
  return (origin) =>
    origin !== undefined && isAllowed(origins, origin) ? [['access-control-allow-origin', origin], ...more] : [];
}
