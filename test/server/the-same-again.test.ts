import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { createRandom } from '../../src/embedded/random.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    catalogue: generateCatalogue({ seed: 5, size: 300 }),
    // Finished responses would stand before all that is kept below them.
    env: (imsUrl) => ({ IMS_ENDPOINT: imsUrl, RENDERED_MAX_BYTES: '0', CACHE_FRESH_MS: '600000' }),
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const query = `query ($filter: ImageFilter, $orderBy: [ImageOrder!], $first: Int, $last: Int, $after: String, $before: String, $more: Boolean!) {
  images(filter: $filter, orderBy: $orderBy, first: $first, last: $last, after: $after, before: $before) {
    edges {
      cursor @include(if: $more)
      node { id os { platform @include(if: $more) bit } storage @skip(if: $more) { sizeBytes } again: os { bit } name }
    }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  }
}`;

/** Asks the direct way, or, by a target with a query, yoga, which makes filters anew each time. */
async function dataOf(path: '' | '?by=yoga', token: string, variables: object): Promise<any> {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': token },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors }: any = await response.json();
  return { data, errors: errors?.map(({ message }: any) => message) };
}

test('pages of callers who ask the same again, in turns with others, are what they are when worked out anew', async () => {
  const random = createRandom(31);
  const filters = [null, {}, { type: 'PUBLIC' }, { os: { platform: 'Ubuntu' } }, { name: 'no such image' }];
  const orders = [null, [{ field: 'NAME', direction: 'ASC' }], { field: 'SIZE', direction: 'DESC' }];
  const cursors: (string | null)[] = [null, null];
  let pages = 0;
  for (let round = 0; round < 400; round += 1) {
    const size = random.pick([1, 5, 20]);
    const cursor = random.pick(cursors);
    const variables = {
      filter: random.pick(filters),
      orderBy: random.pick(orders),
      ...(random.chance(0.7) ? { first: size, after: cursor } : { last: size, before: cursor }),
      more: random.chance(0.5),
    };
    const token = random.pick(['demo', 'demo-b', 'demo-plat']);
    const expected = await dataOf('?by=yoga', token, variables);
    for (let time = 0; time < 3; time += 1) {
      gateway.takeRequests();
      expect(await dataOf('', token, variables), JSON.stringify(variables)).toEqual(expected);
      // A marker that the caller does not see is refused, and no refusal is kept.
      if (cursor === null) expect(gateway.takeRequests()).toEqual([]);
    }
    const { endCursor, startCursor } = expected.data?.images?.pageInfo ?? {};
    cursors.push(...[endCursor, startCursor].filter((one) => typeof one === 'string'));
    if (cursors.length > 12) cursors.splice(2, 4);
    pages += expected.data?.images?.edges.length > 0 ? 1 : 0;
  }
  expect(pages).toBeGreaterThan(100);
}, 60_000);
