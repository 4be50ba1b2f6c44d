import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { type SortField, sortKeys } from '../../src/image/order.ts';
import type { WireImage } from '../../src/image/source.ts';
import { sortedBy, visibleTo } from '../embedded/oracle.ts';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { imageToCursor } from '../support/image-to-cursor.ts';
import { relayPage } from '../support/relay.ts';

const query = `
  query ($first: Int, $last: Int, $after: String, $before: String, $filter: ImageFilter, $orderBy: [ImageOrder!]) {
    images(first: $first, last: $last, after: $after, before: $before, filter: $filter, orderBy: $orderBy) {
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

interface Page {
  readonly images: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string | null;
      readonly endCursor: string | null;
    };
  };
}

type Predicate = (image: WireImage) => boolean;
type Criterion = readonly [filter: Readonly<Record<string, unknown>>, holds: Predicate];

const is =
  (name: string, value: unknown): Predicate =>
  (image) =>
    image[name] === value;
const middle = '2020-01-01T00:00:00Z';

/** One choice of each is a filter; they touch different parameters, so any combination is one question. */
const choices: readonly (readonly Criterion[])[] = [
  [
    [{}, () => true],
    [{ type: 'PUBLIC' }, is('__imagetype', 'gold')],
    [{ type: 'PRIVATE' }, is('__imagetype', 'private')],
    [{ type: 'SHARED' }, is('__imagetype', 'shared')],
  ],
  [
    [{}, () => true],
    [{ protected: true }, is('protected', true)],
    [{ protected: false }, (image) => image['protected'] !== true],
  ],
  [
    [{}, () => true],
    [{ os: { platform: 'Ubuntu' } }, is('__platform', 'Ubuntu')],
    [{ os: { bit: 'BIT_64' } }, is('__os_bit', '64')],
    [{ os: { architecture: 'ARM' } }, is('__support_arm', 'true')],
    [{ os: { architecture: 'X86' } }, (image) => image['__support_arm'] !== 'true'],
  ],
  [
    [{}, () => true],
    [{ storage: { diskFormat: 'ZVHD2' } }, is('disk_format', 'zvhd2')],
    [{ requirements: { minDiskGiB: 40 } }, is('min_disk', 40)],
    [{ requirements: { minRamMiB: 0 } }, is('min_ram', 0)],
    [{ name: 'web-base' }, is('name', 'web-base')],
  ],
  [
    [{}, () => true],
    [{ createdAt: { lt: middle } }, ({ created_at: at }) => typeof at === 'string' && at < middle],
    [{ createdAt: { gte: middle } }, ({ created_at: at }) => typeof at === 'string' && at >= middle],
  ],
];

const filters: fc.Arbitrary<Criterion> = fc
  .tuple(...choices.map((some) => fc.constantFrom(...some)))
  .map((some) => [
    Object.assign({}, ...some.map(([filter]) => filter)),
    (image) => some.every(([, holds]) => holds(image)),
  ]);

const orders = fc.record({
  field: fc.constantFrom(...(Object.keys(sortKeys) as SortField[])),
  direction: fc.constantFrom('ASC' as const, 'DESC' as const),
});

/** Which images the cursors point at, as fractions of the list, and how many images to ask for. */
const windows = fc.record({
  size: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 100 })),
  backward: fc.boolean(),
  after: fc.option(fc.nat(9999), { nil: undefined }),
  before: fc.option(fc.nat(9999), { nil: undefined }),
});

const questions = fc.array(fc.tuple(filters, orders, windows), { minLength: 12, maxLength: 12 });
const catalogues = fc.record({ seed: fc.nat(1_000_000), size: fc.nat(150) });

/** The whole list that a filter and an order define, worked out without the code under test. */
function listOf(
  images: readonly WireImage[],
  holds: Predicate,
  order: { field: SortField; direction: 'ASC' | 'DESC' },
) {
  const ascending = sortedBy(sortKeys[order.field], images.filter(holds));
  return order.direction === 'ASC' ? ascending : ascending.toReversed();
}

test('every page is the one that the Relay algorithm cuts from the whole list, for one upstream request', async () => {
  await fc.assert(
    fc.asyncProperty(
      catalogues,
      questions,
      fc.constantFrom('demo', 'demo-b', 'demo-plat'),
      async (of, asked, token) => {
        const catalogue = generateCatalogue(of);
        await using gateway = await startTestGateway({ catalogue, env: { CACHE_FRESH_MS: '0' } });
        const visible = visibleTo(catalogue.projects.get(token) ?? '', catalogue);

        for (const [[filter, holds], orderBy, { size, backward, ...ends }] of asked) {
          const list = listOf(visible, holds, orderBy);
          const at = (fraction: number | undefined) =>
            fraction === undefined || list.length === 0 ? undefined : list[fraction % list.length];
          const [after, before] = [at(ends.after), at(ends.before)];
          const cursorOf = (image: WireImage | undefined) =>
            image === undefined ? undefined : imageToCursor(image, orderBy);

          const count = backward ? { last: size } : { first: size };
          const expected = relayPage(
            list.map(({ id }) => id),
            { ...count, after: after?.id, before: before?.id },
          );
          const variables = { ...count, after: cursorOf(after), before: cursorOf(before), filter, orderBy };
          const { data, errors } = await gateway.ask<Page>(query, variables, { headers: { 'x-auth-token': token } });

          const byId = new Map(list.map((image) => [image.id, image]));
          const cursors = expected.ids.map((id) => cursorOf(byId.get(id)) ?? null);
          expect(errors).toBeUndefined();
          expect(data?.images).toEqual({
            edges: expected.ids.map((id, i) => ({ cursor: cursors[i], node: { id } })),
            pageInfo: {
              hasNextPage: expected.hasNextPage,
              hasPreviousPage: expected.hasPreviousPage,
              startCursor: cursors[0] ?? null,
              endCursor: cursors.at(-1) ?? null,
            },
          });
          expect(gateway.takeRequests()).toHaveLength(1);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

describe('a walk through all images of the sample catalogue', () => {
  const sample = loadSampleCatalogue();
  const visible = visibleTo(sample.projects.get('demo') ?? '', sample);
  const everyOrder = Object.keys(sortKeys).flatMap((field) => [
    { field: field as SortField, direction: 'ASC' as const },
    { field: field as SortField, direction: 'DESC' as const },
  ]);

  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ env: { CACHE_FRESH_MS: '0' } });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test.each(everyOrder)(
    'forward and backward by $field $direction gives each image once, in order',
    async (orderBy) => {
      const expected = listOf(visible, () => true, orderBy).map(({ id }) => id);
      const pages = Math.ceil(expected.length / 17);

      const forward: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const { data }: GraphqlAnswer<Page> = await gateway.ask<Page>(query, { first: 17, after, orderBy });
        forward.push(...(data?.images.edges.map(({ node }) => node.id) ?? []));
        after = data?.images.pageInfo.endCursor ?? null;
        more = data?.images.pageInfo.hasNextPage ?? false;
      }
      expect(forward).toEqual(expected);
      expect(gateway.takeRequests()).toHaveLength(pages);

      const backward: string[] = [];
      for (let before: string | null = null, more = true; more; ) {
        const { data }: GraphqlAnswer<Page> = await gateway.ask<Page>(query, { last: 17, before, orderBy });
        backward.unshift(...(data?.images.edges.map(({ node }) => node.id) ?? []));
        before = data?.images.pageInfo.startCursor ?? null;
        more = data?.images.pageInfo.hasPreviousPage ?? false;
      }
      expect(backward).toEqual(expected);
      expect(gateway.takeRequests()).toHaveLength(pages);
    },
  );
});

const idsOf = (page: { readonly data?: Page | null }) => page.data?.images.edges.map(({ node }) => node.id);

describe('pages without a count, and cursors of images that are not in the list', () => {
  let gateway: TestGateway;
  const sample = loadSampleCatalogue();
  const visible = visibleTo(sample.projects.get('demo') ?? '', sample);
  const newestFirst = { field: 'CREATED_AT', direction: 'DESC' } as const;
  const list = listOf(visible, () => true, newestFirst);
  const cursorAt = (i: number) => imageToCursor(list[i] ?? { id: '' }, newestFirst);
  const ids = list.map(({ id }) => id);

  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test('without arguments: the newest 20', async () => {
    expect(idsOf(await gateway.ask<Page>(query))).toEqual(ids.slice(0, 20));
  });

  test('after alone: the next 20; before alone: the 20 that come directly before', async () => {
    expect(idsOf(await gateway.ask<Page>(query, { after: cursorAt(4) }))).toEqual(ids.slice(5, 25));
    expect(idsOf(await gateway.ask<Page>(query, { before: cursorAt(40) }))).toEqual(ids.slice(20, 40));
  });

  test('after an image that the filter does not select: what follows its place', async () => {
    const at = list.findIndex((image) => image['__imagetype'] === 'private');
    const expected = list.slice(at).filter(is('__imagetype', 'gold'));
    const page = await gateway.ask<Page>(query, { first: 5, after: cursorAt(at), filter: { type: 'PUBLIC' } });
    expect(idsOf(page)).toEqual(expected.slice(0, 5).map(({ id }) => id));
  });
});
