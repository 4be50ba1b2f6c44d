import { expect, test } from 'vitest';
import { answer } from '../support/fault-server.ts';
import { startFaultyGateway } from '../support/faulty-gateway.ts';

test('@defer is refused in a sentence', async () => {
  await using gateway = await startFaultyGateway();
  const query =
    '{ images(first: 1) { edges { node { id } } } ... @defer { slow: images(first: 50) { edges { cursor } } } }';
  expect(await gateway.ask(query)).toMatchObject({
    errors: [{ message: 'Unknown directive "@defer".', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
  expect(gateway.upstream.requests).toEqual([]);
});

test('in its place, a question that waits for upstream holds up none beside it', async () => {
  await using gateway = await startFaultyGateway();
  const release = Promise.withResolvers<void>();
  gateway.upstream.next((socket, target) => {
    void release.promise.then(() => answer(200, { images: [{ id: 'slow' }] })(socket, target));
  });
  const slow = gateway.askFirst(50);
  await gateway.upstream.arrival(0);

  expect(await gateway.askFirst(1)).toMatchObject({ data: { images: { edges: [{ node: { id: 'image-1' } }] } } });
  release.resolve();
  expect(await slow).toMatchObject({ data: { images: { edges: [{ node: { id: 'slow' } }] } } });
  expect(gateway.upstream.requests).toHaveLength(2);
});
