import type { Plugin } from 'graphql-yoga';
import { isWholeJson } from '../content-coding.ts';
import { namesEntityTag, toEntityTag } from '../entity-tag.ts';
import { wholeData } from '../whole-answer.ts';

/** Every request header that an answer may depend on. */
export const VARY = 'Accept, Accept-Encoding, Authorization, Origin, X-Auth-Token';

/**
 * What a cache may do with an answer that is whole and was asked for by GET: the caller's own cache keeps it, and asks
 * each time whether it is still the answer. No other cache may keep what belongs to one caller.
 */
const OWN_CACHE_ONLY = 'private, no-cache';

/**
 * Lets clients ask whether the answer to a GET has changed (RFC 9110, section 13), and tells caches on the way to keep
 * away. An answer without word of caching is left as it is; the server says `no-store` for it.
 */
export function useHttpCaching(): Plugin {
  /** The data of answers that may be kept. */
  const keepable = new WeakMap<Request, unknown>();
  return {
    onResultProcess({ request, result }) {
      if (request.method !== 'GET' || Array.isArray(result) || Symbol.asyncIterator in result) return;
      const data = wholeData(result);
      if (data !== null && data !== undefined) keepable.set(request, data);
    },
    onResponse({ request, response, setResponse, fetchAPI }) {
      const { headers } = response;
      headers.set('vary', VARY);
      const data = keepable.get(request);
      const isJson = isWholeJson(headers);
      if (!isJson && headers.get('content-type') === 'text/event-stream') headers.set('cache-control', 'no-store');
      if (data === undefined || response.status !== 200 || !isJson) return;
      // Of the data alone: the answer's extensions tell what it cost this time.
      const etag = toEntityTag(headers.get('content-type') ?? '', JSON.stringify(data));
      headers.set('etag', etag);
      headers.set('cache-control', OWN_CACHE_ONLY);
      if (!namesEntityTag(request.headers.get('if-none-match'), etag)) return;
      for (const name of ['content-type', 'content-length']) headers.delete(name);
      setResponse(new fetchAPI.Response(null, { status: 304, headers }));
    },
  };
}
