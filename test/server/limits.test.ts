import { afterAll, beforeAll, expect, test } from 'vitest';
import { getNamedType, isObjectType } from 'graphql';
import { MAX_COST } from '../../src/schema/builder.ts';
import { schema } from '../../src/schema/index.ts';
import { limits } from '../../src/server/plugins/use-limits.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const post = (body: string) =>
  fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      'x-auth-token': 'demo',
    },
    body,
  });

/** Every field of an image, as deep as it goes. */
function everyField(type = schema.getType('Image')): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const selections = Object.values(named.getFields()).map((field) => {
    const inner = everyField(getNamedType(field.type));
    return inner === '' ? field.name : `${field.name} { ${inner} }`;
  });
  return selections.join(' ');
}

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
    `{ __type(name: "Image") { ${'ofType { '.repeat(limits.depth)} name ${'} '.repeat(limits.depth)} } }`,
    'Query depth limit of 10 exceeded, found 12.',
  ],
])('too many %s are refused with 400 and a code, without asking upstream', async (_what, query, message) => {
  const response = await post(JSON.stringify({ query }));
  expect(response.status).toBe(400);
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
  for (const body of ['[{"query":"{__typename}"},{"query":"{__typename}"}]', '[{"query":"{__typename}"}]', '[]']) {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'Batching is not supported.', extensions: { code: 'BAD_REQUEST' } }],
    });
  }
  expect(gateway.takeRequests()).toEqual([]);
});

test('the introspection that GraphiQL sends passes the limits', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  const answer = await gateway.ask(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }));
  expect(answer.errors).toBeUndefined();
});

test('a whole page of every field of an image passes the limits', async () => {
  const { data, errors } = await gateway.ask(`{ images(first: 100) { edges { cursor node { ${everyField()} } } } }`);
  expect(errors).toBeUndefined();
  expect(data.images.edges).toHaveLength(100);
});

test('components that keep their fields in fragments of fragments pass the limits', async () => {
  const names = many(
    30,
    (i) => `fragment F${i} on Image { ${i < 29 ? `...F${i + 1}` : 'os { features { sshKey } }'} }`,
  );
  const { data, errors } = await gateway.ask(`{ images(first: 1) { edges { node { ...F0 } } } } ${names}`);
  expect(errors).toBeUndefined();
  expect(data.images.edges).toHaveLength(1);
});

test.each(['mutation', 'subscription'])('a %s is refused in a sentence', async (operation) => {
  const response = await post(JSON.stringify({ query: `${operation} { x }` }));
  expect(response.status).toBe(400);
  const { errors } = await response.json();
  expect(errors.map((error: any) => error.message)).toContain(`Expected a query, but received a ${operation}.`);
  expect(errors.map((error: any) => error.extensions?.code)).not.toContain(undefined);
});
