import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { createRandom } from '../../src/embedded/random.ts';
import { answerBy, compareWays } from '../support/compare-ways.ts';
import { nextFuzzRequest } from '../support/fuzz-requests.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { openConnection } from '../support/raw-connection.ts';
import { suiteOperations } from '../support/suite-operations.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    catalogue: generateCatalogue({ seed: 3, size: 400 }),
    // Finished responses would stand before both.
    env: (imsUrl) => ({ IMS_ENDPOINT: imsUrl, RENDERED_MAX_BYTES: '0' }),
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const answerTo = (body: string, path: '' | '?by=yoga', headers: Readonly<Record<string, string>>) =>
  answerBy(gateway, path, body, headers);

const compareAnswers = (body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
  compareWays(gateway, body, headers);

test('every operation of the suite has the same answer directly and by yoga: status, headers and bytes', async () => {
  let whole = 0;
  for (const { text, operation } of suiteOperations()) {
    const body = JSON.stringify({
      query: text,
      variables: { id: 'nothing', first: 3 },
      operationName: operation.name?.value,
    });
    const { text: answer } = await compareAnswers(body);
    if (!answer.includes('"errors":')) whole += 1;
  }
  expect(whole).toBeGreaterThan(30);
}, 120_000);

const page = '{ images(first: 5) { edges { cursor node { id name } } } }';

test.each([
  ['application/json'],
  ['application/graphql-response+json'],
  ['application/graphql-response+json, application/json;q=0.9'],
  ['application/json, application/graphql-response+json'],
  ['*/*'],
  ['application/*'],
  ['text/html'],
  ['text/event-stream'],
  ['multipart/mixed, application/json; charset=latin1'],
  ['text/event-stream, */*'],
])('clients that accept %s have the same answer directly and by yoga', async (accept) => {
  await compareAnswers(JSON.stringify({ query: page }), { accept });
});

test.each([['gzip'], ['br, gzip'], ['identity'], ['zstd'], ['gzip;q=0, deflate']])(
  'with accept-encoding %s the answer is the same directly and by yoga',
  async (coding) => {
    const query = '{ images(first: 50) { edges { node { id name raw } } } }';
    await compareAnswers(JSON.stringify({ query }), { 'accept-encoding': coding });
  },
);

test('requests that nobody would send have the same answer directly and by yoga', async () => {
  const random = createRandom(11);
  for (let sent = 0; sent < 1500; sent += 1) {
    const { method, body } = nextFuzzRequest(random);
    if (method === 'POST' && body !== null && body.length > 0)
      await compareAnswers(typeof body === 'string' ? body : new Uint8Array(body));
  }
}, 240_000);

test.each([
  ['without errors', '{ images(first: 6) { edges { node { id } } } }'],
  [
    'with errors',
    '{ images(first: 6) { edges { node { id } } } nodes(ids: ["a"]) { id } other: images(first: 500) { __typename } }',
  ],
])('a body that comes after its head, and another request behind it, are answered: %s', async (_what, query) => {
  const connection = await openConnection(gateway.url);
  for (const body of [JSON.stringify({ query }), JSON.stringify({ query: `${query} # again` })]) {
    connection.socket.write(
      `POST /graphql HTTP/1.1\r\nHost: gateway\r\nX-Auth-Token: demo\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    await new Promise((resolve) => setImmediate(resolve));
    const before = connection.received.length;
    connection.socket.write(body);
    await connection.arrived(new RegExp(`[^]{${before}}[^]*"limit":16000\\}\\}\\}?`));
  }
  expect(connection.received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  connection.socket.end();
});

test('an answer with errors costs no more upstream than one without', async () => {
  // Not a text of the suite, which has been asked above.
  const name = ['asked', 'once'].join(' ');
  const query = `{ images(filter: { name: "${name}" }) { latest(first: 0) { id } edges { node { id } } } }`;
  gateway.takeRequests();
  const { text } = await answerTo(JSON.stringify({ query }), '', {});
  expect(text).toContain('"errors":[{"message":"Argument');
  expect(gateway.takeRequests()).toHaveLength(1);
});

test('what an operation costs depends on the values of its variables, and null is not the same as none', async () => {
  const query = 'query ($n: Int = 50) { images(first: $n) { edges { node { id } } } }';
  for (const variables of [{}, { n: null }, { n: 7 }, {}, { n: null }, { n: 100 }, { n: 101 }, { n: '7' }]) {
    await compareAnswers(JSON.stringify({ query, variables }));
  }
  const aliases = Array.from({ length: 45 }, (_, i) => `a${i}: images(first: $n) { edges { node { id name } } }`).join(
    ' ',
  );
  for (const n of [1, 100, 1]) {
    const { text } = await compareAnswers(
      JSON.stringify({ query: `query ($n: Int) { ${aliases} }`, variables: { n } }),
    );
    expect(text.includes('OPERATION_TOO_EXPENSIVE')).toBe(n === 100);
  }
});

test('a variable may have any name', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const query = `query ($${name}: Int = 3) { images(first: $${name}) { edges { node { id } } } }`;
    for (const variables of [`{"${name}":2}`, `{"${name}":null}`, '{}']) {
      await compareAnswers(`{"query":${JSON.stringify(query)},"variables":${variables}}`);
    }
  }
});

test('fragments that double under a condition cost no time', async () => {
  const doubled = Array.from({ length: 40 }, (_, i) => `fragment F${i} on Image { ...F${i + 1} ...F${i + 1} }`);
  const query = `query Q($c: Boolean!) { image(id: "x") { ...Z ...F0 @include(if: $c) } }
    fragment Z on Image { id } ${doubled.join(' ')} fragment F40 on Image { ...Z @skip(if: true) }`;
  await compareAnswers(JSON.stringify({ query, variables: { c: true } }));
  await compareAnswers(JSON.stringify({ query }));
}, 10_000);

test('an answer with errors tells what it cost upstream, and a run that is given up costs nothing more', async () => {
  await using wide = await startTestGateway({ catalogue: generateCatalogue({ seed: 3, size: 2600 }) });
  const query = '{ images(filter: { nameMatches: { contains: "a" } }) { latest(first: 0) { id } totalCount } }';
  const { errors, extensions } = await wide.askWhole(query);
  expect(errors).toHaveLength(1);
  const requests = wide.takeRequests();
  expect(requests.length).toBeGreaterThan(3);
  expect(new Set(requests).size).toBe(requests.length);
  expect(extensions?.['upstream'].requests).toBe(requests.length);
});
