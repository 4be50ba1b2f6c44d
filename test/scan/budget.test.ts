import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { visibleTo } from '../embedded/oracle.ts';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { inOrder } from '../support/search-oracle.ts';

const catalogue = generateCatalogue({ seed: 5, size: 3000 });
const visible = inOrder(visibleTo(catalogue.projects.get('demo') ?? '', catalogue), [
  { field: 'CREATED_AT', direction: 'DESC' },
]);
const rare = visible.filter(
  (image) => image['min_ram'] === 65_536 && ['raw', 'iso'].includes(String(image['disk_format'])),
);
const filter = '{ requirements: { minRamMiBRange: { gt: 2048 } }, storage: { diskFormat: [RAW, ISO] } }';
const rareIds = rare.map(({ id }) => id);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ catalogue, env: { SCAN_MAX_WINDOWS: '1' } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

test.each([
  ['forward', 'first', 'after', 'hasNextPage', 'endCursor'],
  ['backward', 'last', 'before', 'hasPreviousPage', 'startCursor'],
])(
  'read %s, a page that one window cannot fill says so and goes on where it ended',
  async (way, size, end, more, cursor) => {
    const found: string[] = [];
    const shown: number[] = [];
    for (let at: string | null = null; ; ) {
      const { data, errors, extensions }: GraphqlAnswer<any> = await gateway.askWhole(
        `query ($at: String) { images(${size}: 4, ${end}: $at, filter: ${filter}) {
        edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        { at },
      );
      expect(errors).toBeUndefined();
      const ids = data.images.edges.map(({ node }: any) => node.id);
      if (way === 'forward') found.push(...ids);
      else found.unshift(...ids);
      shown.push(ids.length);
      expect(extensions?.['upstream'].requests).toBeLessThanOrEqual(1);
      if (!data.images.pageInfo[more]) break;
      expect(data.images.pageInfo[cursor]).not.toBeNull();
      expect(data.images.pageInfo[cursor]).not.toBe(at);
      if (ids.length < 4) {
        expect(extensions?.['upstream'].incomplete).toEqual([
          { path: 'images', reason: 'It needs more than the 1 list windows that one request may read.' },
        ]);
      }
      at = data.images.pageInfo[cursor];
    }
    expect(rareIds.length).toBeGreaterThan(5);
    expect(found).toEqual(rareIds);
    expect(Math.min(...shown)).toBeLessThan(4);
  },
);

test('a count, a facet and the latest are null, never wrong, and the answer says which and why', async () => {
  const answer = await gateway.askWhole(
    '{ images(first: 1) { edges { node { id } } totalCount facets { type { value } } latest { id } } }',
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data.images).toMatchObject({ totalCount: null, facets: { type: null }, latest: null });
  expect(answer.data.images.edges).toHaveLength(1);
  const { incomplete } = answer.extensions?.['upstream'] ?? {};
  expect(incomplete.map(({ path }: { path: string }) => path).toSorted()).toEqual([
    'images.facets.type',
    'images.latest',
    'images.totalCount',
  ]);
});

test('an order that needs the whole list is refused with a code', async () => {
  const { data, errors } = await gateway.ask(
    '{ images(first: 1, orderBy: { field: UPDATED_AT }) { edges { cursor } } }',
  );
  expect(data).toBeNull();
  expect(errors).toMatchObject([
    {
      message:
        'This order needs more than the 1 list windows that one request may read; narrow the filter, or ask for less at once.',
      extensions: { code: 'SCAN_BUDGET_EXCEEDED' },
    },
  ]);
});

const countOf = (name: string, type: string) => `${name}: images(filter: { type: ${type} }) { totalCount }`;

test('all fields of a request share the windows that it may read', async () => {
  await using shared = await startTestGateway({ catalogue, env: { SCAN_MAX_WINDOWS: '2', CACHE_FRESH_MS: '0' } });
  const { data } = await shared.ask(
    `{ ${countOf('a', 'MARKET')} ${countOf('b', 'PRIVATE')} ${countOf('c', 'PUBLIC')} }`,
  );
  expect(data.c.totalCount).toBeNull();
  expect(shared.takeRequests().filter((one) => one.includes('limit=500'))).toHaveLength(2);
});
