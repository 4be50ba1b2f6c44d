import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createFindText, type FindText } from '../../src/server/direct/find-text.ts';
import { readParameters } from '../../src/server/direct/read-parameters.ts';
import { createDocumentStore } from '../../src/server/document-store.ts';
import { compareWays } from '../support/compare-ways.ts';
import { startTestGateway } from '../support/gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'direct-documents-'));
afterAll(() => rmSync(folder, { recursive: true }));

const trusted = 'query Two($n: Int = 2) { images(first: $n) { edges { node { id name } } } }';
const persisted = '{ images(first: 3) { edges { node { id } } } }';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const apollo = (hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash: hash } });

/** Requests for documents in every way, and in ways that are none. */
const requests: readonly object[] = [
  { documentId: 'two' },
  { doc_id: 'two', variables: { n: 1 }, operationName: 'Two' },
  { documentId: 'sha256:two' },
  { documentId: 'two', doc_id: 'other' },
  { documentId: null, doc_id: 'two', query: null, extensions: null },
  { documentId: 'other' },
  { documentId: '' },
  { documentId: 5 },
  { documentId: ['two'] },
  { documentId: 'two', query: persisted },
  { documentId: 'two', operationName: 'Other' },
  { documentId: 'two', variables: { n: 'x' } },
  { documentId: 'two', variables: [] },
  { extensions: apollo('two') },
  { extensions: apollo(sha256(persisted)) },
  { extensions: { ...apollo(sha256(persisted)), clientLibrary: { name: '@apollo/client', version: '4.0.0' } } },
  { extensions: apollo(sha256('{ __typename }')) },
  { extensions: apollo(sha256(persisted), 2) },
  { extensions: apollo(5) },
  { extensions: apollo('two'), documentId: 'other' },
  { extensions: apollo('other'), documentId: 'two' },
  { query: persisted, extensions: apollo(sha256(persisted)) },
  { query: persisted, extensions: apollo(sha256(trusted)) },
  { query: persisted, extensions: { clientLibrary: { name: '@apollo/client', version: '4.0.0' } } },
  { query: persisted, extensions: {} },
  { query: persisted, extensions: 'text' },
  { query: persisted, extensions: [apollo('two')] },
  { query: persisted, other: 1 },
  { query: persisted },
  { query: 5 },
  {},
  [],
  [null],
  [{ documentId: 'two' }],
];

const settings = [
  { TRUSTED_DOCUMENTS: 'manifest', TRUSTED_DOCUMENTS_ONLY: 'on' },
  { TRUSTED_DOCUMENTS: 'manifest' },
  { TRUSTED_DOCUMENTS: 'manifest', APQ_MAX_BYTES: '0' },
  { APQ_MAX_BYTES: '0' },
  {},
];

test.each(settings)('documents by their ids have the same answer directly and by yoga, with %j', async (setting) => {
  const manifest = join(folder, 'manifest.json');
  writeFileSync(manifest, JSON.stringify({ two: trusted }));
  await using gateway = await startTestGateway({
    env: (endpoint) => ({
      IMS_ENDPOINT: endpoint,
      RENDERED_MAX_BYTES: '0',
      ...setting,
      ...('TRUSTED_DOCUMENTS' in setting ? { TRUSTED_DOCUMENTS: manifest } : {}),
    }),
  });
  const statuses = new Map<number, number>();
  for (const request of [...requests, ...requests]) {
    const { status } = await compareWays(gateway, JSON.stringify(request));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(statuses.get(200)).toBeGreaterThan(2);
  expect(statuses.size).toBeGreaterThan(1);
});

const textsOf = (find: FindText) =>
  requests.flatMap((request) => {
    const parameters = readParameters(Buffer.from(JSON.stringify(request)));
    return parameters === null ? [] : (find(parameters.document) ?? []);
  });

test.each(['[]', '[null]', '5', 'null', ''])('the body %s has no parameters, plain or not', (body) => {
  expect(readParameters(Buffer.from(body))).toBeNull();
});

test('what is found needs no yoga: documents of a manifest, texts that were kept, and texts', () => {
  const documents = new Map([['two', trusted]]);
  const store = createDocumentStore(10_000);
  store.add(persisted);
  const times = (texts: readonly string[]) =>
    [trusted, persisted].map((text) => texts.filter((one) => one === text).length);
  expect(times(textsOf(createFindText({ trusted: { documents, only: true }, persisted: store })))).toEqual([8, 0]);
  expect(times(textsOf(createFindText({ trusted: { documents, only: false }, persisted: store })))).toEqual([8, 5]);
  expect(times(textsOf(createFindText({ trusted: null, persisted: store })))).toEqual([0, 5]);
  expect(times(textsOf(createFindText({ trusted: null, persisted: null })))).toEqual([0, 3]);
});

test('pages of other origins have the same answer directly and by yoga', async () => {
  const own = 'https://console.example.com';
  for (const CORS_ORIGINS of ['', own, `${own},https://other.example.com`, '*']) {
    await using gateway = await startTestGateway({
      env: (endpoint) => ({ IMS_ENDPOINT: endpoint, RENDERED_MAX_BYTES: '0', CORS_ORIGINS }),
    });
    const body = JSON.stringify({ query: persisted });
    for (const origin of [own, 'https://other.example.com', 'https://evil.example.com', 'null', '*', 'https://*.com']) {
      const { headers } = await compareWays(gateway, body, { origin });
      const isAllowed = !origin.includes('*') && (CORS_ORIGINS === '*' || CORS_ORIGINS.split(',').includes(origin));
      expect(headers['access-control-allow-origin']).toBe(isAllowed ? origin : undefined);
      await compareWays(gateway, JSON.stringify({ query: '{ nothing }' }), { origin });
      await compareWays(gateway, body, { origin, 'access-control-request-headers': 'x-auth-token' });
    }
    await compareWays(gateway, body);
  }
});
