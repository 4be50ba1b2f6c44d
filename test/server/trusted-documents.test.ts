import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'trusted-documents-'));
afterAll(() => rm(folder, { recursive: true }));

const two = 'query Two { images(first: 2) { edges { node { id } } } }';
const some = 'query Some($n: Int) { images(first: $n) { edges { node { id } } } }';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The three files that compilers write, with the same two documents. */
const manifests = {
  relay: { '0f0b7f6a3a0d4a6e9c58b3b9b7a1a111': two, '1f0b7f6a3a0d4a6e9c58b3b9b7a1a222': some },
  codegen: { [sha256(two)]: two, [`sha256:${sha256(some)}`]: some },
  apollo: {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      { id: sha256(two), name: 'Two', type: 'query', body: two },
      { id: sha256(some), name: 'Some', type: 'query', body: some },
    ],
  },
};

const silent = createLog({ level: 'silent', destination: { write: () => {} }, wallNow: () => 0 });

let files = 0;
function write(content: unknown): string {
  const path = join(folder, `${(files += 1)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const startWith = (manifest: unknown, only: 'on' | 'off', env: Readonly<Record<string, string>> = {}) =>
  startTestGateway({
    env: (endpoint) => ({
      IMS_ENDPOINT: endpoint,
      TRUSTED_DOCUMENTS: write(manifest),
      TRUSTED_DOCUMENTS_ONLY: only,
      ...env,
    }),
  });

async function post({ url }: TestGateway, body: unknown) {
  const headers = { 'content-type': 'application/json', 'x-auth-token': 'demo' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, ...(await response.json()) };
}

async function get({ url }: TestGateway, parameters: Readonly<Record<string, string>>) {
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, { headers: { 'x-auth-token': 'demo' } });
  return { status: response.status, ...(await response.json()) };
}

const persistedQuery = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const notFound = { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };
const notTrusted = { status: 403, errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }] };

describe.each(['on', 'off'] as const)('an id runs its document, with TRUSTED_DOCUMENTS_ONLY %s', (only) => {
  test.each([
    ['Relay', manifests.relay, Object.keys(manifests.relay)],
    ['GraphQL Code Generator', manifests.codegen, [sha256(two), sha256(some)]],
    ['Apollo', manifests.apollo, [sha256(two), sha256(some)]],
  ])('of %s', async (_compiler, manifest, ids) => {
    const [idOfTwo = '', idOfSome = ''] = ids;
    await using gateway = await startWith(manifest, only);
    for (const request of [
      { documentId: idOfTwo },
      { documentId: `sha256:${idOfTwo}` },
      { doc_id: idOfTwo },
      persistedQuery(idOfTwo),
    ]) {
      expect((await post(gateway, request)).data.images.edges).toHaveLength(2);
      const texts = Object.entries(request).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      expect((await get(gateway, Object.fromEntries(texts))).data.images.edges).toHaveLength(2);
    }
    const variables = { n: 3 };
    expect((await post(gateway, { documentId: idOfSome, variables })).data.images.edges).toHaveLength(3);
    expect(gateway.takeRequests()).toHaveLength(2);

    expect(await post(gateway, { documentId: 'unknown' })).toMatchObject(notFound);
    expect(await post(gateway, { doc_id: '__proto__' })).toMatchObject(notFound);
    expect(await post(gateway, { documentId: 7 })).toMatchObject(notFound);
  });
});

describe('in strict mode nothing else runs', () => {
  test('no text, of whatever kind and on whatever way', async () => {
    await using gateway = await startWith(manifests.codegen, 'on');
    for (const body of [
      { query: '{ __typename }' },
      { query: two },
      { query: getIntrospectionQuery() },
      { query: '{ _service { sdl } }' },
      { query: two, documentId: sha256(two) },
      { query: two, ...persistedQuery(sha256(two)) },
      { query: 'not GraphQL at all' },
      { query: 7 },
      {},
      { documentId: null },
    ]) {
      expect(await post(gateway, body)).toMatchObject(notTrusted);
    }
    expect(await get(gateway, { query: two })).toMatchObject(notTrusted);
    expect(await get(gateway, {})).toMatchObject(notTrusted);
    for (const body of [null, 'text', 7, []]) expect((await post(gateway, body)).data).toBeUndefined();
    expect(gateway.takeRequests()).toEqual([]);
  });

  test('no automatic persisted query can be registered', async () => {
    await using gateway = await startWith(manifests.codegen, 'on');
    const text = '{ __typename }';
    expect(await post(gateway, { query: text, ...persistedQuery(sha256(text)) })).toMatchObject(notTrusted);
    expect(await post(gateway, persistedQuery(sha256(text)))).toMatchObject(notFound);
  });

  test('there is no GraphiQL, whose examples could not run', async () => {
    await using gateway = await startWith(manifests.codegen, 'on');
    const response = await fetch(gateway.url, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toContain('json');
  });
});

test('in the other mode texts run as before, and automatic persisted queries beside the manifest', async () => {
  await using gateway = await startWith(manifests.apollo, 'off');
  expect((await post(gateway, { query: '{ __typename }' })).data).toEqual({ __typename: 'Query' });
  expect(await post(gateway, { query: two, documentId: sha256(two) })).toMatchObject({
    status: 400,
    errors: [{ message: 'Expected a query or the id of one, but received both.', extensions: { code: 'BAD_REQUEST' } }],
  });
  const text = '{ images(first: 1) { edges { cursor } } }';
  expect(await post(gateway, persistedQuery(sha256(text)))).toMatchObject(notFound);
  await post(gateway, { query: text, ...persistedQuery(sha256(text)) });
  expect((await post(gateway, persistedQuery(sha256(text)))).data.images.edges).toHaveLength(1);
});

const start = (env: Readonly<Record<string, string>>) => {
  const surroundings = { now: () => 1, wallNow: () => 1, newRequestId: () => 'id', random: () => 0, log: silent };
  return startGateway(readConfig({ PORT: '0', ...env }), surroundings);
};

const expectMistake = async (manifest: unknown, mistake: string | RegExp) => {
  const started = start({ TRUSTED_DOCUMENTS: write(manifest) });
  await expect(started).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringMatching(mistake) });
};

describe('a manifest that cannot be used ends the start, by the name of the variable', () => {
  test('a file that is not there', async () => {
    const started = start({ TRUSTED_DOCUMENTS: join(folder, 'nowhere.json') });
    await expect(started).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(
        /\n {2}TRUSTED_DOCUMENTS: ENOENT: no such file or directory, open '.*nowhere.json'$/,
      ),
    });
  });

  test.each([
    'no JSON',
    '[]',
    '7',
    '{"id": 7}',
    { format: 'apollo-persisted-query-manifest', version: 2, operations: [] },
  ])('another format: %j', (manifest) => expectMistake(manifest, /TRUSTED_DOCUMENTS: expected JSON, either/));

  test('an id that is nothing but the mark of a hash', () =>
    expectMistake({ 'sha256:': two }, /TRUSTED_DOCUMENTS: expected ids, but received "sha256:"$/));

  test('nothing in it', () =>
    expectMistake({}, /TRUSTED_DOCUMENTS: expected documents, but received an empty manifest$/));

  test('a document of another schema, or none', async () => {
    await expectMistake(
      { good: two, bad: '{ servers { id } }' },
      /TRUSTED_DOCUMENTS: expected documents of this schema, but received "bad": Cannot query field "servers" on type "Query"\.$/,
    );
    await expectMistake({ bad: '{' }, /received "bad": Syntax Error/);
    await expectMistake({ bad: 'mutation { x }' }, /received "bad": Expected a query, but received a mutation\.$/);
  });

  test('an id of two documents', async () => {
    const operations = [
      { id: 'a', body: two },
      { id: 'sha256:a', body: some },
    ];
    await expectMistake(
      { ...manifests.apollo, operations },
      /TRUSTED_DOCUMENTS: expected one document of the id "sha256:a", but received two$/,
    );
  });
});
