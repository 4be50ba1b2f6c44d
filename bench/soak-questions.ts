import type { Catalogue } from '../src/embedded/catalogue.ts';
import type { Random } from '../src/embedded/random.ts';
import { type SortField, sortKeys } from '../src/image/order.ts';
import type { WireImage } from '../src/image/source.ts';
import { sortedBy, visibleTo } from '../test/embedded/oracle.ts';
import { imageToCursor } from '../test/support/image-to-cursor.ts';

/** What an answer turned out to be. */
export type Verdict =
  | { readonly kind: 'right' | 'wrong' | 'leaks' | 'untyped' }
  | { readonly kind: 'failed'; readonly codes: readonly string[] };

/** A page to ask for as one caller, and the judge of its answer. */
export interface SoakQuestion {
  readonly token: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  judge(answer: any): Verdict;
}

const query = `query Soak($first: Int, $last: Int, $after: String, $before: String, $filter: ImageFilter, $orderBy: [ImageOrder!]) {
  images(first: $first, last: $last, after: $after, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { node { id owner raw } }
  }
}`;

type Predicate = (image: WireImage) => boolean;

const filters: readonly (readonly [filter: Readonly<Record<string, unknown>>, holds: Predicate])[] = [
  [{}, () => true],
  [{ type: 'PUBLIC' }, (image) => image['__imagetype'] === 'gold'],
  [{ type: 'PRIVATE' }, (image) => image['__imagetype'] === 'private'],
  [{ type: 'SHARED' }, (image) => image['__imagetype'] === 'shared'],
  [{ os: { platform: 'Ubuntu' } }, (image) => image['__platform'] === 'Ubuntu'],
  [{ requirements: { minDiskGiB: 40 } }, (image) => image['min_disk'] === 40],
];

const fields = Object.keys(sortKeys).filter((key): key is SortField => key in sortKeys);

const isTyped = (code: unknown): code is string => typeof code === 'string' && /^(UPSTREAM_|OVERLOADED)/.test(code);

/** Questions over a catalogue whose answers are known beforehand. */
export function createSoakQuestions(catalogue: Catalogue, random: Random): { next(): SoakQuestion } {
  const visible = new Map([...catalogue.projects].map(([token, project]) => [token, visibleTo(project, catalogue)]));
  const visibleIds = new Map([...visible].map(([token, images]) => [token, new Set(images.map(({ id }) => id))]));
  const tokens = [...visible.keys()];
  const lists = new Map<string, readonly WireImage[]>();

  function listOf(token: string, filterNumber: number, field: SortField, direction: 'ASC' | 'DESC') {
    const key = [token, filterNumber, field, direction].join();
    const known = lists.get(key);
    if (known !== undefined) return known;
    const [, holds] = filters[filterNumber] ?? [{}, () => true];
    const ascending = sortedBy(sortKeys[field], (visible.get(token) ?? []).filter(holds));
    const list = direction === 'ASC' ? ascending : ascending.toReversed();
    lists.set(key, list);
    return list;
  }

  return {
    next() {
      const token = random.pick(tokens);
      const filterNumber = random.bits() % filters.length;
      const orderBy = { field: random.pick(fields), direction: random.pick(['ASC', 'DESC'] as const) };
      const list = listOf(token, filterNumber, orderBy.field, orderBy.direction);
      const size = 1 + (random.bits() % 30);
      const backward = random.chance(0.4);
      // Few places, so that some pages are in the cache.
      const at = list.length === 0 || random.chance(0.3) ? null : (random.bits() % 12) * Math.floor(list.length / 12);
      const image = at === null ? undefined : list[at];
      const cursor = image === undefined ? null : imageToCursor(image, orderBy);
      const end = at === null ? list.length : at;
      const expected = backward
        ? list.slice(Math.max(0, end - size), end)
        : list.slice(at === null ? 0 : at + 1).slice(0, size);
      const expectedIds = expected.map(({ id }) => id).join();

      return {
        token,
        query,
        variables: {
          ...(backward ? { last: size, before: cursor } : { first: size, after: cursor }),
          filter: filters[filterNumber]?.[0],
          orderBy,
        },
        judge({ data, errors }) {
          const edges: readonly { readonly node: { readonly id: string } }[] = data?.images?.edges ?? [];
          const own = visibleIds.get(token);
          if (edges.some(({ node }) => !own?.has(node.id))) return { kind: 'leaks' };
          if (errors === undefined)
            return { kind: edges.map(({ node }) => node.id).join() === expectedIds ? 'right' : 'wrong' };
          const codes: unknown[] = errors.map((error: any) => error.extensions?.code);
          return codes.every(isTyped) ? { kind: 'failed', codes } : { kind: 'untyped' };
        },
      };
    },
  };
}
