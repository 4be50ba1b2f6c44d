import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const centos = '6e6a1a42-4bc2-46ca-bb5e-a56d8d8920a9';
const other = 'fc30604a-3c3b-4339-9392-e2055de3b673';
const unknown = '00000000-0000-4000-8000-000000000000';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: { CACHE_FRESH_MS: '0', IMS_MAX_RETRIES: '0' } });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => {
  gateway.ims.faults.clear();
  gateway.takeRequests();
});

test('image, node and nodes give the image of an id, and the id is the IMS id itself', async () => {
  const { data } = await gateway.ask(
    `query ($id: ID!) { image(id: $id) { id name } node(id: $id) { __typename id ... on Image { name } } nodes(ids: [$id]) { id } }`,
    { id: centos },
  );
  expect(data).toEqual({
    image: { id: centos, name: 'CentOS 6.8 64bit' },
    node: { __typename: 'Image', id: centos, name: 'CentOS 6.8 64bit' },
    nodes: [{ id: centos }],
  });
});

test('each id is asked for once per request, however often it stands there', async () => {
  const { data } = await gateway.ask(
    `query ($a: ID!, $b: ID!) {
      one: image(id: $a) { id } two: image(id: $a) { name } three: node(id: $a) { id }
      nodes(ids: [$b, $a, $b, $a]) { id }
    }`,
    { a: centos, b: other },
  );
  expect(data.nodes.map((image: { id: string }) => image.id)).toEqual([other, centos, other, centos]);
  expect(gateway.takeRequests().toSorted()).toEqual([`id=${centos}`, `id=${other}`]);
});

test('an unknown id is null, without an error', async () => {
  const answer = await gateway.ask(
    `query ($a: ID!, $u: ID!) { image(id: $u) { id } node(id: $u) { id } nodes(ids: [$u, $a]) { id } }`,
    { a: centos, u: unknown },
  );
  expect(answer).toEqual({ data: { image: null, node: null, nodes: [null, { id: centos }] } });
  expect(gateway.takeRequests()).toHaveLength(2);
});

test('text that cannot be an id is null without asking upstream', async () => {
  const answer = await gateway.ask(
    '{ a: image(id: "in:x,y") { id } b: image(id: "") { id } c: node(id: "a b") { id } }',
  );
  expect(answer).toEqual({ data: { a: null, b: null, c: null } });
  expect(gateway.takeRequests()).toEqual([]);
});

test('an id that fails fails alone', async () => {
  gateway.ims.faults.add({ kind: 'status', status: 500 }, { when: (url) => url.includes(other) });
  const { data, errors } = await gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: [centos, other, unknown],
  });

  expect(data).toEqual({ nodes: [{ id: centos }, null, null] });
  expect(errors).toMatchObject([
    { path: ['nodes', 1], extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream: { status: 500 } } },
  ]);
  expect(gateway.takeRequests()).toHaveLength(3);
});

test('an upstream that ignores the id cannot pass another image off as it', async () => {
  gateway.ims.faults.add({
    kind: 'body',
    body: JSON.stringify({ images: [{ id: other }] }),
    contentType: 'application/json',
  });
  expect(await gateway.ask('query ($id: ID!) { image(id: $id) { id } }', { id: centos })).toEqual({
    data: { image: null },
  });
});

test('another caller sees an image only if upstream shows it to that caller', async () => {
  const mine = await gateway.ask('{ images(first: 1, filter: { type: PRIVATE }) { edges { node { id } } } }');
  const { id } = mine.data.images.edges[0].node;
  const query = 'query ($id: ID!) { image(id: $id) { id } }';

  expect((await gateway.ask(query, { id })).data).toEqual({ image: { id } });
  expect((await gateway.ask(query, { id }, { headers: { 'x-auth-token': 'demo-b' } })).data).toEqual({ image: null });
});
