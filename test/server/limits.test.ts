import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_COST } from '../../src/schema/builder.ts';
import { limits } from '../../src/server/plugins/use-limits.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const post = (body: string) =>
  fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json', 'x-auth-token': 'demo' }, body });

const many = (count: number, part: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

test.each([
  [
    'aliases',
    `{ ${many(limits.aliases + 1, (i) => `a${i}: image(id: "") { id }`)} }`,
    'Aliases limit of 50 exceeded, found 51.',
  ],
  [
    'directives',
    `{ __typename ${many(limits.directives + 1, () => '@skip(if: false)')} }`,
    'Directives limit of 50 exceeded, found 51.',
  ],
  ['tokens', `{ ${many(limits.tokens, () => '__typename')} }`, 'Token limit of 2000 exceeded.'],
  [
    'depth',
    `{ images { edges { node { os { features { __typename ... on ImageOsFeatures { ... on ImageOsFeatures { ... on ImageOsFeatures { ... on ImageOsFeatures { ... on ImageOsFeatures { ... on ImageOsFeatures { __typename } } } } } } } } } } } }`,
    'depth',
  ],
])('too many %s are refused with 400 and a code, without asking upstream', async (_what, query, message) => {
  const response = await post(JSON.stringify({ query }));
  const { data, errors } = await response.json();
  expect(data).toBeUndefined();
  expect(errors.map((error: any) => error.message).join('\n')).toContain(message);
  expect(errors.map((error: any) => error.extensions?.code)).not.toContain(undefined);
  expect(gateway.takeRequests()).toEqual([]);
});

test('an operation that costs too much is refused without asking upstream', async () => {
  const node = 'id name type os { platform version } supports { kvm xen } storage { sizeBytes }';
  const page = (i: number) => `p${i}: images(first: 100) { edges { node { ${node} } } }`;
  const { data, errors } = await gateway.ask(`{ ${many(20, page)} }`);
  expect(data).toBeNull();
  expect(errors?.[0]).toMatchObject({
    message: expect.stringMatching(
      new RegExp(`^Operation: expected a cost of at most ${MAX_COST}, but received one of \\d+\\.$`),
    ),
    extensions: { code: 'OPERATION_TOO_EXPENSIVE' },
  });
  expect(gateway.takeRequests()).toEqual([]);
});

test('many ids under many aliases are refused by their cost', async () => {
  const ids = Array.from({ length: 100 }, (_, i) => `id-${i}`);
  const query = `query ($ids: [ID!]!) { ${many(20, (i) => `n${i}: nodes(ids: $ids) { id }`)} }`;
  const { errors } = await gateway.ask(query, { ids });
  expect(errors?.map((error) => error.extensions?.code)).toContain('OPERATION_TOO_EXPENSIVE');
  expect(gateway.takeRequests()).toEqual([]);
});

test('a body over the limit is refused with 413, announced or not', async () => {
  const body = JSON.stringify({ query: '{ __typename }', variables: { padding: 'x'.repeat(100_000) } });
  const announced = await post(body);
  expect(announced.status).toBe(413);

  const stream = new Blob([body]).stream();
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: stream,
    duplex: 'half',
  } as RequestInit;
  expect((await fetch(gateway.url, init)).status).toBe(413);
});

test('several operations in one body are refused', async () => {
  const response = await post('[{"query":"{__typename}"},{"query":"{__typename}"}]');
  expect(response.status).toBe(400);
});

test('the introspection that GraphiQL sends passes the limits', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  const answer = await gateway.ask(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }));
  expect(answer.errors).toBeUndefined();
});

test('a whole page of every field passes the limits', () => {
  expect(MAX_COST).toBeGreaterThan(100 * 100);
});
