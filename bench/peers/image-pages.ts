import { parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import { edgeToCursor, rowsToPage } from '../../src/query/collect.ts';
import { type ImagesArguments, planPage, toWindowQuery } from '../../src/query/page.ts';
import type { WireImage } from '../../src/image/source.ts';
import { questionToShape } from '../shape.ts';
import { CACHE_ENTRIES, FRESH_SECONDS, LIST_PATH, question } from './environment.ts';

/** A page as default resolvers read it. */
export type ShownPage = object;

/** Fetches a list for a caller. */
export type FetchList = (path: string, token: string) => Promise<{ readonly images: readonly WireImage[] }>;

const { query, variables } = question();
const shape = questionToShape({ document: parse(query), variables });

/** The schema of the gateway, reduced to what is asked. */
export const typeDefs = shape.sdl;

/** The page of some arguments: planned as the gateway plans it, in one list request, and decoded when it arrives. */
export async function fetchPage(args: ImagesArguments, token: string, fetchList: FetchList): Promise<ShownPage> {
  const plan = planPage(args);
  if (plan.order === null || plan.residual !== null) throw new Error('Expected a page of one list request.');
  const marker = plan.from?.place.id ?? null;
  const list = { parameters: plan.parameters, order: plan.order };
  const { images } = await fetchList(`${LIST_PATH}?${toWindowQuery(list, marker, plan.size + 1)}`, token);
  const { edges, hasNextPage, hasPreviousPage, start, end } = rowsToPage(plan, images, marker);
  return {
    edges: edges.map((edge) => ({ cursor: edgeToCursor(edge), node: shape.toImage(edge.node) })),
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: start && edgeToCursor(start),
      endCursor: end && edgeToCursor(end),
    },
  };
}

/** The same out of memory, where it has been fetched before: decoded, and at once. */
export function keepPages(
  fetchList: FetchList,
): (args: ImagesArguments, token: string) => ShownPage | Promise<ShownPage> {
  const pages = new LRUCache<string, ShownPage>({ max: CACHE_ENTRIES, ttl: FRESH_SECONDS * 1000 });
  return (args, token) => {
    const key = `${token} ${JSON.stringify(args)}`;
    const kept = pages.get(key);
    if (kept !== undefined) return kept;
    return fetchPage(args, token, fetchList).then((page) => {
      pages.set(key, page);
      return page;
    });
  };
}

/** Times arrive as text; answers hold them as text already. */
export const dateTime = {
  name: 'DateTime',
  serialize: (value: unknown): unknown => value,
  parseValue: (value: unknown): Date => new Date(String(value)),
};
