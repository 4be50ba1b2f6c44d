import { expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

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

test('an answer that asked nobody says nothing of upstream', async () => {
  await using gateway = await startTestGateway();
  expect(await gateway.askWhole('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect((await gateway.askWhole('{ images(first: 0) { edges { cursor } } }')).extensions).toBeUndefined();
});
