import { expect, test } from 'vitest';
import { MAX_COST } from '../../src/schema/builder.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const page = '{ images(first: 5) { edges { node { id } } } }';

test('an answer tells what it cost upstream: requests made, images read, images returned', async () => {
  await using gateway = await startTestGateway();
  const first = await gateway.askWhole(page);
  expect(first.extensions?.['upstream']).toEqual({ requests: 1, rowsRead: 6, rowsReturned: 5 });
  const again = await gateway.askWhole(page);
  expect(again.extensions?.['upstream']).toEqual({ requests: 0, rowsRead: 6, rowsReturned: 5 });

  const [known] = first.data.images.edges.map(({ node }: { node: { id: string } }) => node.id);
  const ids = `{ image(id: "${known}") { id } nodes(ids: ["${known}", "unknown"]) { id } }`;
  expect((await gateway.askWhole(ids)).extensions?.['upstream']).toEqual({ requests: 2, rowsRead: 1, rowsReturned: 1 });
});

const costOf = async (gateway: TestGateway, query: string, variables = {}) =>
  (await gateway.askWhole(query, variables)).extensions?.['cost'];

test('an answer tells what its operation costs, and how much it may', async () => {
  await using gateway = await startTestGateway();
  // 10 for the page, and of each of the 5 images 3 fields: edges, node, id.
  expect(await costOf(gateway, page)).toEqual({ requested: 10 + 5 * 3, limit: MAX_COST });
  expect(await costOf(gateway, page)).toEqual({ requested: 25, limit: MAX_COST });
  const sized = 'query ($n: Int) { images(first: $n) { edges { node { id } } } }';
  expect(await costOf(gateway, sized, { n: 7 })).toEqual({ requested: 31, limit: MAX_COST });
  expect(await costOf(gateway, sized, { n: 8 })).toEqual({ requested: 34, limit: MAX_COST });
  expect(await costOf(gateway, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] })).toMatchObject({
    requested: 30,
  });
});

test('the cost is that of the operation that was chosen', async () => {
  await using gateway = await startTestGateway();
  const query = `query A { __typename } query B { ...F } fragment F on Query { image(id: "x") { id } }`;
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': 'demo', connection: 'close' },
    body: JSON.stringify({ query, operationName: 'B' }),
  });
  expect(await response.json()).toMatchObject({ data: { image: null }, extensions: { cost: { requested: 11 } } });
});

test('an operation that costs too much is told its cost', async () => {
  await using gateway = await startTestGateway();
  const query = `{ ${Array.from({ length: 45 }, (_, i) => `a${i}: images(first: 100) { edges { node { id name } } }`).join(' ')} }`;
  const { errors, extensions } = await gateway.askWhole(query);
  expect(errors?.[0]?.extensions?.code).toBe('OPERATION_TOO_EXPENSIVE');
  expect(extensions?.['cost']).toEqual({ requested: 45 * 410, limit: MAX_COST });
  expect(gateway.takeRequests()).toEqual([]);
});

test('what was not executed has no cost', async () => {
  await using gateway = await startTestGateway();
  for (const query of ['{', '{ nothing }', 'query ($n: Int!) { images(first: $n) { edges { cursor } } }']) {
    expect((await gateway.askWhole(query)).extensions).toBeUndefined();
  }
});

test('an answer that asked nobody says nothing of upstream', async () => {
  await using gateway = await startTestGateway();
  expect(await gateway.askWhole('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(
    (await gateway.askWhole('{ images(first: 0) { edges { cursor } } }')).extensions?.['upstream'],
  ).toBeUndefined();
});
