import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const query = '{ images(first: 2) { edges { node { id } } } }';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashed = (text: string, hash = sha256(text)) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: hash } },
});

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function post(body: object, { url = gateway.url, token = 'demo', accept = '*/*' } = {}) {
  const headers = { 'content-type': 'application/json', 'x-auth-token': token, accept };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, ...(await response.json()) };
}

async function get(parameters: Readonly<Record<string, string>>, url = gateway.url) {
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, { headers: { 'x-auth-token': 'demo' } });
  return { status: response.status, ...(await response.json()) };
}

const notFound = { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };

test('a hash is asked for its text once; from then on it is enough, by POST and by GET', async () => {
  const own = query.replace('2', '3');
  expect(await post(hashed(own))).toMatchObject(notFound);
  expect(gateway.takeRequests()).toEqual([]);
  const registered = await post({ query: own, ...hashed(own) });
  expect(registered.data.images.edges).toHaveLength(3);

  expect((await post(hashed(own))).data).toEqual(registered.data);
  expect((await get({ extensions: JSON.stringify(hashed(own).extensions) })).data).toEqual(registered.data);
  expect(gateway.takeRequests()).toHaveLength(1);
});

test('GET can bring the text too, and variables come each time', async () => {
  const text = 'query ($n: Int) { images(first: $n) { edges { node { id } } } }';
  const extensions = JSON.stringify(hashed(text).extensions);
  expect(await get({ extensions })).toMatchObject(notFound);
  expect((await get({ query: text, extensions, variables: '{"n":1}' })).data.images.edges).toHaveLength(1);
  expect((await get({ extensions, variables: '{"n":4}' })).data.images.edges).toHaveLength(4);
});

test('what was registered by one caller runs for another as that caller', async () => {
  const text = '{ images(first: 1, filter: { type: PRIVATE }) { edges { node { owner } } } }';
  const [mine] = (await post({ query: text, ...hashed(text) })).data.images.edges;
  const [theirs] = (await post(hashed(text), { token: 'demo-b' })).data.images.edges;
  expect(theirs.node.owner).not.toBe(mine.node.owner);
});

describe('nothing gets under a hash that is not its own', () => {
  test('a text beside another hash is refused, and not kept under either', async () => {
    const victim = query.replace('2', '5');
    const [forged, other] = [query.replace('2', '6'), sha256(victim)];
    const answer = await post({ query: forged, ...hashed('', other) }, { accept: 'application/graphql-response+json' });
    expect(answer).toMatchObject({
      status: 400,
      errors: [
        {
          message: `Extension "persistedQuery": expected the SHA-256 of the query, ${sha256(forged)}, but received another one.`,
          extensions: { code: 'PERSISTED_QUERY_MISMATCH' },
        },
      ],
    });
    expect(await post(hashed(victim))).toMatchObject(notFound);
    expect(await post(hashed(forged))).toMatchObject(notFound);
  });

  test.each(['', '__proto__', 'constructor', sha256(query).toUpperCase(), 'x'.repeat(5000)])(
    'the hash %j is unknown',
    async (hash) => {
      await post({ query, ...hashed(query) });
      expect(await post(hashed('', hash))).toMatchObject(notFound);
    },
  );

  test('what is no document of this schema is not kept', async () => {
    for (const text of ['{ nothing }', '{', 'mutation { x }']) {
      expect((await post({ query: text, ...hashed(text) })).errors[0].extensions.code).toMatch(/^GRAPHQL_/);
      expect(await post(hashed(text))).toMatchObject(notFound);
    }
  });

  test('other versions of the protocol, and other shapes, are no hashes', async () => {
    for (const persistedQuery of [
      { version: 2, sha256Hash: sha256(query) },
      { version: 1 },
      'x',
      null,
      [],
      { version: 1, sha256Hash: 7 },
    ]) {
      expect(await post({ extensions: { persistedQuery } })).toMatchObject({
        errors: [{ message: 'Must provide query string.' }],
      });
      expect((await post({ query: '{ __typename }', extensions: { persistedQuery } })).data).toEqual({
        __typename: 'Query',
      });
    }
  });
});

test('the status is that of GraphQL over HTTP: 200 for clients of application/json, 400 for the others', async () => {
  expect(await post(hashed('never'), { accept: 'application/json' })).toMatchObject({ status: 200, ...notFound });
  const accept = 'application/graphql-response+json';
  expect(await post(hashed('never'), { accept })).toMatchObject({ status: 400, ...notFound });
});

const padded = (name: string) => `query ${name} { __typename } #${' '.repeat(300)}`;

test('memory is bounded: what was used longest ago makes room', async () => {
  await using tight = await startTestGateway({
    env: (endpoint) => ({ IMS_ENDPOINT: endpoint, APQ_MAX_BYTES: '2000' }),
  });
  const { url } = tight;
  const register = (name: string) => post({ query: padded(name), ...hashed(padded(name)) }, { url });
  const knows = async (name: string) => (await post(hashed(padded(name)), { url })).data !== undefined;

  await register('A');
  await register('B');
  expect(await knows('A')).toBe(true);
  await register('C');
  expect([await knows('A'), await knows('B'), await knows('C')]).toEqual([true, false, true]);
  const tooLarge = `{ __typename } #${' '.repeat(2000)}`;
  expect((await post({ query: tooLarge, ...hashed(tooLarge) }, { url })).data).toEqual({ __typename: 'Query' });
  expect(await knows('A')).toBe(true);
});

test('switched off, a client is told to send texts', async () => {
  await using off = await startTestGateway({ env: (endpoint) => ({ IMS_ENDPOINT: endpoint, APQ_MAX_BYTES: '0' }) });
  expect(await post(hashed(query), off)).toMatchObject({
    errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
  });
  expect((await post({ query, ...hashed(query) }, off)).data.images.edges).toHaveLength(2);
});

const apolloClient = (url: string, useGETForHashedQueries: boolean) => {
  const sent: string[] = [];
  const recordingFetch: typeof fetch = (input, init) => {
    const parameters = new URL(input instanceof Request ? input.url : input).searchParams;
    const body =
      init?.method === 'GET'
        ? Object.fromEntries(parameters)
        : JSON.parse(typeof init?.body === 'string' ? init.body : '{}');
    sent.push(`${init?.method} ${body.query === undefined ? 'hash' : 'text'}`);
    return fetch(input, init);
  };
  const http = new HttpLink({ uri: url, headers: { 'x-auth-token': 'demo' }, fetch: recordingFetch });
  const link = new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(http);
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const ask = (first: number) =>
    client.query<any>({
      query: gql`
        query Newest($first: Int) {
          images(first: $first) {
            edges {
              node {
                id
              }
            }
          }
        }
      `,
      variables: { first },
    });
  return { ask, sent };
};

describe('Apollo Client', () => {
  test.each([false, true])('sends hashes, and a text once (hashes by GET: %s)', async (byGet) => {
    await using fresh = await startTestGateway();
    const { ask, sent } = apolloClient(fresh.url, byGet);
    for (const first of [1, 2, 3]) expect((await ask(first)).data?.images.edges).toHaveLength(first);
    const method = byGet ? 'GET' : 'POST';
    expect(sent).toEqual([`${method} hash`, 'POST text', `${method} hash`, `${method} hash`]);
  });

  test('gives up hashes where they are switched off', async () => {
    await using off = await startTestGateway({ env: (endpoint) => ({ IMS_ENDPOINT: endpoint, APQ_MAX_BYTES: '0' }) });
    const { ask, sent } = apolloClient(off.url, false);
    for (const first of [1, 2]) expect((await ask(first)).data?.images.edges).toHaveLength(first);
    expect(sent).toEqual(['POST hash', 'POST text', 'POST text']);
  });
});
