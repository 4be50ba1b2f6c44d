import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Image { id name } } }`;
const unknown = '00000000-0000-4000-8000-000000000000';

let gateway: TestGateway;
let known: readonly { readonly id: string; readonly name: string }[];

beforeAll(async () => {
  gateway = await startTestGateway({ env: { CACHE_FRESH_MS: '0' } });
  const { data } = await gateway.ask('{ images(first: 100) { edges { node { id name } } } }');
  known = data.images.edges.map((edge: any) => edge.node);
  gateway.takeRequests();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const reference = (id: string) => ({ __typename: 'Image', id });
const ask = (of: readonly unknown[]) => gateway.ask(entities, { of });

test('references are answered in their order, each id asked for once, null for one that is unknown', async () => {
  const [one, two] = known;
  if (one === undefined || two === undefined) throw new Error('Expected images in the sample catalogue.');
  const { data, errors } = await ask([two.id, one.id, unknown, two.id].map(reference));
  expect(errors).toBeUndefined();
  const image = (of: typeof one) => ({ __typename: 'Image', ...of });
  expect(data).toEqual({ _entities: [image(two), image(one), null, image(two)] });
  expect(gateway.takeRequests()).toHaveLength(3);
});

test.each([
  ['another type', { __typename: 'Server', id: 'x' }],
  ['no type', { id: 'x' }],
  ['no id', { __typename: 'Image' }],
  ['an id that is a number', { __typename: 'Image', id: 7 }],
  ['a text', 'x'],
])('a reference with %s is refused in a sentence, before any upstream request', async (_what, one) => {
  const { errors } = await ask([one]);
  expect(errors).toMatchObject([
    {
      message: `Argument "representations[0]": expected { "__typename": "Image", "id": "…" }, but received ${JSON.stringify(one)}.`,
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
  expect(gateway.takeRequests()).toEqual([]);
});

test('more references than a field should take are refused', async () => {
  const { errors } = await ask(Array.from({ length: 1001 }, (_, i) => reference(`id-${i}`)));
  expect(errors).toMatchObject([
    { message: 'Argument "representations": expected at most 1000 references, but received 1001.' },
  ]);
  expect(gateway.takeRequests()).toEqual([]);
});
