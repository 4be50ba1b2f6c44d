import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { CallerPolicy } from './caller.ts';
import { toEntityTag } from './entity-tag.ts';

/** A GraphQL document that GraphiQL opens in a tab of its own. */
export interface ExampleOperation {
  readonly query: string;
}

export interface GraphiqlOptions {
  readonly examples: readonly ExampleOperation[];
  /** What stands in the header editor at first; empty for nothing. */
  readonly headers: string;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** The page as it is sent. */
export interface GraphiqlPage {
  readonly bodies: { readonly plain: Bytes; readonly gzip: Bytes; readonly br: Bytes };
  readonly etag: string;
  readonly contentSecurityPolicy: string;
}

/** Makes GraphiQL's page. It takes nothing from anywhere, and talks to where it comes from only. */
export async function renderGraphiqlPage({ examples, headers }: GraphiqlOptions): Promise<GraphiqlPage> {
  // Nine megabytes of assets: loaded only when somebody opens the page.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'IMS image gateway',
    ...(headers === '' ? {} : toHeaderOptions(headers)),
    defaultTabs: examples.map((example) => (headers === '' ? { ...example } : { ...example, headers })),
    // Tokens are not for the browser's storage, where every script of the origin could read them for years.
    shouldPersistHeaders: false,
  });
  const html = page.replace('<script>', `<style>${stillTabs}</style><script>`);
  const plain = Buffer.from(html);
  const [gzipped, brotli] = await Promise.all([
    promisify(gzip)(plain),
    // Higher qualities take seconds to minutes for the last tenth.
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  ]);
  return {
    bodies: { plain, gzip: gzipped, br: brotli },
    etag: toEntityTag(html),
    contentSecurityPolicy: toContentSecurityPolicy(html),
  };
}

/**
 * GraphiQL's tabs can be dragged. A browser that is slow to start the page leaves them moved aside, where no click meets
 * them, until the page is loaded again.
 */
const stillTabs = '.graphiql-tabs > * { transform: none !important; }';

/** The one script of the page by its hash; its workers are made of blobs, its styles at run time. */
function toContentSecurityPolicy(html: string): string {
  const script = /<script>(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    `default-src 'none'`,
    `script-src 'sha256-${hash}'`,
    `worker-src blob:`,
    `style-src 'unsafe-inline'`,
    `img-src data:`,
    `font-src data:`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** For new tabs, and for the first: GraphiQL overlooks the headers of the tab that it opens on. */
const toHeaderOptions = (headers: string) => ({ defaultHeaders: headers, initialHeaders: headers });

/** The headers that GraphiQL suggests, by who a caller is: none where the gateway does not look at them. */
export function suggestedHeaders(callers: CallerPolicy): string {
  if (callers.kind === 'own') return '';
  return JSON.stringify({ 'X-Auth-Token': callers.anonymousToken ?? 'paste a token here' }, null, 2);
}
