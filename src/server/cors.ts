import type { CORSOptions } from 'graphql-yoga';
import { REQUEST_ID_HEADER } from './request-id.ts';

/** What a page of another origin may read of an answer beside its body. */
const exposedHeaders = [REQUEST_ID_HEADER, 'retry-after', 'etag', 'age', 'warning'];

/** How long a browser need not ask again; Chromium asks after two hours at the latest. */
const PREFLIGHT_SECONDS = 7200;

/**
 * What pages of other origins may do: those of `origins` (`*` for all) may send any header and read answers; all others
 * are told nothing. Credentials are never allowed: a caller is known by a header that a page has to set itself.
 */
export function toCors(origins: readonly string[]): false | ((request: Request) => CORSOptions) {
  if (origins.length === 0) return false;
  const isOpen = origins.includes('*');
  const shared: CORSOptions = {
    methods: ['GET', 'HEAD', 'POST'],
    credentials: false,
    exposedHeaders,
    maxAge: PREFLIGHT_SECONDS,
  };
  return (request) => {
    const origin = request.headers.get('origin');
    return origin !== null && (isOpen || origins.includes(origin)) && { ...shared, origin };
  };
}
