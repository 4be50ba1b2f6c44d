import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { visibleTo } from '../embedded/oracle.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { inOrder, type Key } from '../support/search-oracle.ts';

const catalogue = generateCatalogue({ seed: 8, size: 1600 });
const visible = visibleTo(catalogue.projects.get('demo') ?? '', catalogue);
const query = `query ($first: Int, $last: Int, $after: String, $before: String, $filter: ImageFilter, $orderBy: [ImageOrder!]) {
  images(first: $first, last: $last, after: $after, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({ catalogue, env: { CACHE_FRESH_MS: '0', IMS_MAX_RETRIES: '0' } });
});
afterEach(() => gateway[Symbol.asyncDispose]());

const remove = (ids: readonly string[]) =>
  gateway.ims.replaceCatalogue({ ...catalogue, images: catalogue.images.filter(({ id }) => !ids.includes(id)) });
const idsOf = (answer: { data?: any }): string[] => answer.data.images.edges.map(({ node }: any) => node.id);
const newestFirst: Key[] = [{ field: 'CREATED_AT', direction: 'DESC' }];

/** A walk to the 700th image or so, whose page then ends in images that are deleted. */
async function deleteBehind(filter: object, orderBy: Key[], way: 'forward' | 'backward') {
  const list = inOrder(visible, orderBy).map(({ id }) => id);
  const ordered = way === 'forward' ? list : list.toReversed();
  let cursor: string | null = null;
  for (let page = 0; page < 7; page += 1) {
    const window = way === 'forward' ? { first: 100, after: cursor } : { last: 100, before: cursor };
    const { data } = (await gateway.ask(query, { ...window, filter, orderBy })) as { data?: any };
    cursor = way === 'forward' ? data.images.pageInfo.endCursor : data.images.pageInfo.startCursor;
  }
  remove(ordered.slice(695, 703));
  gateway.takeRequests();
  const window = way === 'forward' ? { first: 10, after: cursor } : { last: 10, before: cursor };
  const answer = await gateway.ask(query, { ...window, filter, orderBy });
  const found = idsOf(answer);
  return { found: way === 'forward' ? found : found.toReversed(), expected: ordered.slice(703, 713), answer };
}

describe('the page behind an image that has been deleted, with others around it', () => {
  test.each([
    ['forward', 'gte'],
    ['backward', 'lte'],
  ] as const)(
    '%s by creation time: the refused marker, the nearest image before it, the page',
    async (way, operator) => {
      const { found, expected } = await deleteBehind({}, newestFirst, way);
      expect(found).toEqual(expected);
      const requests = gateway.takeRequests();
      expect(requests).toHaveLength(3);
      expect(requests[1]).toMatch(new RegExp(`^created_at=${operator}%3A[^&]*&limit=500`));
      expect(requests[2]).toMatch(/^limit=11&marker=/);
    },
  );

  test.each(['forward', 'backward'] as const)('%s by name: read from the beginning up to the place', async (way) => {
    const { found, expected } = await deleteBehind({}, [{ field: 'NAME', direction: 'ASC' }], way);
    expect(found).toEqual(expected);
    expect(gateway.takeRequests()).toHaveLength(3);
  });

  test('by a filter that the gateway decides: its windows are still there, so nothing needs to be found again', async () => {
    const { found, expected } = await deleteBehind({ not: { name: 'no such name' } }, newestFirst, 'forward');
    expect(found).toEqual(expected);
  });

  test('by an order of the gateway’s own: no marker is needed', async () => {
    const { found, expected } = await deleteBehind({}, [{ field: 'UPDATED_AT', direction: 'DESC' }], 'forward');
    expect(found).toEqual(expected);
  });
});

test('a page that no recovery can give keeps upstream’s failure and says what may have happened', async () => {
  const first = await gateway.ask(query, { first: 5 });
  const fault = { kind: 'status', status: 403, body: { error: { code: 'IMG.0026', message: 'no' } } } as const;
  gateway.ims.faults.add(fault, { when: (url) => url.includes('marker=') || url.includes('created_at=') });
  const { errors } = await gateway.ask(query, { first: 5, after: first.data.images.pageInfo.endCursor });
  expect(errors).toMatchObject([
    {
      message: expect.stringContaining('The image that "after" points at may be gone; start again without a cursor.'),
      extensions: { code: 'FORBIDDEN', upstream: { status: 403, code: 'IMG.0026' } },
    },
  ]);
  expect(gateway.takeRequests()).toHaveLength(3);
});

test('a failure that is not about the marker is not asked again', async () => {
  const first = await gateway.ask(query, { first: 5 });
  gateway.takeRequests();
  gateway.ims.faults.add({ kind: 'status', status: 500 });
  const { errors } = await gateway.ask(query, { first: 5, after: first.data.images.pageInfo.endCursor });
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  expect(gateway.takeRequests()).toHaveLength(1);
});

test('cursors from before cursors carried more still work', async () => {
  const [image] = inOrder(visible, newestFirst).slice(9);
  const old = ['CREATED_AT', 'DESC', image?.['created_at'], image?.['created_at'], image?.id];
  const after = Buffer.from(JSON.stringify([1, ...old])).toString('base64url');
  const expected = inOrder(visible, newestFirst)
    .slice(10, 15)
    .map(({ id }) => id);
  expect(idsOf(await gateway.ask(query, { first: 5, after }))).toEqual(expected);
  const filter = { or: [{ protected: true }, { protected: false }] };
  expect(idsOf(await gateway.ask(query, { first: 5, after, filter }))).toEqual(expected);
});
