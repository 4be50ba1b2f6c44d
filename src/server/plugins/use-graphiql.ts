import type { Plugin } from 'graphql-yoga';
import Negotiator from 'negotiator';
import { acceptedCoding } from '../content-coding.ts';
import { namesEntityTag } from '../entity-tag.ts';
import { type GraphiqlOptions, type GraphiqlPage, renderGraphiqlPage } from '../graphiql-page.ts';

/**
 * Serves GraphiQL to browsers at the GraphQL endpoint, with all its assets in the page, so that it works without
 * internet. The page is made at the first visit and kept.
 */
export function useGraphiql(endpoint: string, options: GraphiqlOptions): Plugin {
  let page: Promise<GraphiqlPage> | null = null;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' || url.pathname !== endpoint) return;
      if (!prefersHtml(request.headers.get('accept'))) return;
      page ??= renderGraphiqlPage(options).catch((error: unknown) => {
        page = null;
        throw error;
      });
      const { bodies, etag, contentSecurityPolicy } = await page;
      const headers = {
        'cache-control': 'no-cache',
        etag,
        'content-security-policy': contentSecurityPolicy,
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      };
      if (namesEntityTag(request.headers.get('if-none-match'), etag)) {
        endResponse(new fetchAPI.Response(null, { status: 304, headers }));
        return;
      }
      const coding = acceptedCoding(request.headers.get('accept-encoding'), ['br', 'gzip']);
      const type = { 'content-type': 'text/html; charset=utf-8' };
      endResponse(
        coding === null
          ? new fetchAPI.Response(bodies.plain, { headers: { ...headers, ...type } })
          : new fetchAPI.Response(bodies[coding], { headers: { ...headers, ...type, 'content-encoding': coding } }),
      );
    },
  };
}

/** Whether a page is liked better than an answer; who takes anything gets an answer. */
function prefersHtml(accept: string | null): boolean {
  if (accept === null || !accept.includes('text/html')) return false;
  const offered = ['application/graphql-response+json', 'application/json', 'text/html'];
  return new Negotiator({ headers: { accept } }).mediaType(offered) === 'text/html';
}
