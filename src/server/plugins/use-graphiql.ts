import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';

/** A GraphQL document that GraphiQL opens in a tab of its own. */
export interface ExampleOperation {
  readonly query: string;
  readonly variables?: string;
}

interface Page {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/**
 * Serves GraphiQL to browsers at the GraphQL endpoint, with all its assets in the page, so that it works without
 * internet. The page is made at the first visit and kept.
 */
export function useGraphiql(endpoint: string, examples: readonly ExampleOperation[]): Plugin {
  let page: Promise<Page> | null = null;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' || url.pathname !== endpoint) return;
      if (!prefersHtml(request.headers)) return;
      page ??= render(examples).catch((error: unknown) => {
        page = null;
        throw error;
      });
      const { plain, gzipped, etag } = await page;
      const headers: Record<string, string> = {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        vary: 'accept, accept-encoding',
        etag,
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
      };
      if (request.headers.get('if-none-match') === etag) {
        endResponse(new fetchAPI.Response(null, { status: 304, headers }));
      } else if (request.headers.get('accept-encoding')?.includes('gzip')) {
        endResponse(new fetchAPI.Response(gzipped, { headers: { ...headers, 'content-encoding': 'gzip' } }));
      } else {
        endResponse(new fetchAPI.Response(plain, { headers }));
      }
    },
  };
}

const prefersHtml = (headers: Headers): boolean => headers.get('accept')?.includes('text/html') ?? false;

async function render(examples: readonly ExampleOperation[]): Promise<Page> {
  // Nine megabytes of assets: loaded only when somebody opens the page.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'IMS image gateway',
    defaultTabs: examples.map((example) => ({ ...example })),
  });
  const plain = new TextEncoder().encode(html);
  const gzipped = new Uint8Array(await promisify(gzip)(plain));
  return { plain, gzipped, etag: `W/"${createHash('sha256').update(plain).digest('base64url')}"` };
}
