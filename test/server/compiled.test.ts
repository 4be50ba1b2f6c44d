import {
  execute,
  getOperationAST,
  type GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isObjectType,
  parse,
  responsePathAsArray as pathToArray,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { createRandom } from '../../src/embedded/random.ts';
import { UpstreamError } from '../../src/image/errors.ts';
import type { ImageSource } from '../../src/image/source.ts';
import { itself } from '../../src/schema/image.ts';
import { subgraphSchema as schema } from '../../src/schema/index.ts';
import { compileOperation } from '../../src/server/compiled/compile-operation.ts';
import { createContext } from '../../src/server/context.ts';
import { nextFuzzRequest } from '../support/fuzz-requests.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { openConnection } from '../support/raw-connection.ts';
import { randomOperation } from '../support/random-operation.ts';
import { type SuiteOperation, suiteOperations, toOperations } from '../support/suite-operations.ts';

const { images } = generateCatalogue({ seed: 3, size: 40 });
const [someImage = { id: '' }] = images;

const wholeSource: ImageSource = {
  list: async (query) => {
    const { limit = '40', marker = '', id } = Object.fromEntries(new URLSearchParams(query));
    const start = images.findIndex((one) => one.id === marker) + 1;
    const found = id === undefined ? images.slice(start, start + Number(limit)) : images.filter((one) => one.id === id);
    return { images: found, sizeBytes: 1, requests: 1 };
  },
};
/** Has every page already, so that what is written of its images is kept. */
const keptSource: ImageSource = {
  list: async (query, ...more) => ({ ...(await wholeSource.list(query, ...more)), requests: 0 }),
};
/** Fails for some questions, and for those always. */
const failingSource: ImageSource = {
  list: async (query, ...more) => {
    if (query.length % 3 === 0) throw new UpstreamError('UPSTREAM_UNAVAILABLE');
    return wholeSource.list(query, ...more);
  },
};

const contextOver = (source: ImageSource) =>
  createContext(source, { key: 'caller', token: 'demo' }, { id: '1', signal: new AbortController().signal }, 20);

const variableSets = [
  { id: someImage.id, no: false, first: 2 },
  { id: 'nothing', no: true, yes: false, filter: { type: 'PRIVATE', status: ['ACTIVE'] } },
  { id: someImage.id, no: false, yes: null, first: null, cursor: 'no cursor' },
  { id: null, first: 'x' },
  {},
];

/** Runs an operation both ways; how it went. */
async function compare({ text, document, operation }: SuiteOperation, source: ImageSource) {
  const compiled = compileOperation(schema, document, operation);
  if (compiled === null) return 'interpreted';
  let outcome = 'no data';
  for (const variableValues of variableSets) {
    const interpreted = await execute({
      schema,
      document,
      operationName: operation.name?.value,
      variableValues,
      contextValue: contextOver(source),
    });
    const context = contextOver(source);
    const data = await new Promise<string>((resolve) => resolve(compiled.run(context, variableValues))).then(
      (bytes) => Buffer.from(bytes, 'latin1').toString(),
      () => undefined,
    );
    // An operation that both leave without errors is the same to the byte, and what has errors is the interpreter's.
    const expected = interpreted.errors === undefined ? JSON.stringify(interpreted.data) : undefined;
    if (data === undefined && expected !== undefined && isLeftOut(text)) continue;
    expect(data, text).toBe(expected);
    if (data !== undefined) outcome = 'compiled';
  }
  return outcome;
}

/** What compiled operations leave to the interpreter though it has an answer: conditions by a variable without a value. */
const isLeftOut = (text: string): boolean => text.includes('$yes');

const tally = async (operations: readonly SuiteOperation[], source: ImageSource) => {
  const counts: Record<string, number> = {};
  for (const operation of operations) {
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await compare(operation, source);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
};

test('every operation of the suite gives the same data compiled and interpreted', async () => {
  const operations = suiteOperations();
  expect(operations.length).toBeGreaterThan(80);
  const counts = await tally(operations, wholeSource);
  const { compiled = 0, interpreted = 0 } = counts;
  // The second time from what was written the first time.
  expect(await tally(operations, keptSource)).toEqual(counts);
  expect(await tally(operations, keptSource)).toEqual(counts);
  expect(compiled).toBeGreaterThan(operations.length / 3);
  // Questions about the schema.
  expect(interpreted).toBeLessThan(operations.length / 3);
}, 120_000);

test('operations by chance, with fragments, aliases and directives, give the same data compiled and interpreted', async () => {
  const random = createRandom(5);
  const operations = Array.from({ length: 1500 }, () => randomOperation(random)).flatMap(toOperations);
  expect(operations.length).toBeGreaterThan(400);
  const { compiled = 0 } = await tally(operations, wholeSource);
  expect(compiled).toBeGreaterThan(100);
  await tally(operations, keptSource);
  await tally(operations.slice(0, 200), failingSource);
}, 120_000);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    catalogue: generateCatalogue({ seed: 3, size: 400 }),
    // Finished responses would stand before both.
    env: (imsUrl) => ({ IMS_ENDPOINT: imsUrl, RENDERED_MAX_BYTES: '0' }),
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** An answer without what differs from request to request. */
async function answerTo(
  body: string | Uint8Array<ArrayBuffer>,
  path: '' | '?by=yoga',
  headers: Readonly<Record<string, string>>,
) {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    body,
    headers: { 'x-auth-token': 'demo', 'content-type': 'application/json', ...headers, 'x-request-id': 'the-same' },
  });
  const { date: _, ...others } = Object.fromEntries(response.headers);
  return { status: response.status, headers: others, text: await response.text() };
}

/** Compares what is answered directly with what yoga answers: a target with a query is always yoga's. */
async function compareAnswers(body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) {
  // Once before, so that both find the same pages in the cache.
  await answerTo(body, '?by=yoga', headers);
  const expected = await answerTo(body, '?by=yoga', headers);
  gateway.takeRequests();
  const received = await answerTo(body, '', headers);
  expect(received, String(body)).toEqual(expected);
  return expected;
}

test('every operation of the suite has the same answer directly and by yoga: status, headers and bytes', async () => {
  let whole = 0;
  for (const { text, operation } of suiteOperations()) {
    const body = JSON.stringify({
      query: text,
      variables: { id: 'nothing', first: 3 },
      operationName: operation.name?.value,
    });
    // oxlint-disable-next-line no-await-in-loop
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
    // oxlint-disable-next-line no-await-in-loop
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
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setImmediate(resolve));
    const before = connection.received.length;
    connection.socket.write(body);
    // oxlint-disable-next-line no-await-in-loop
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
    // oxlint-disable-next-line no-await-in-loop
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
      // oxlint-disable-next-line no-await-in-loop
      await compareAnswers(`{"query":${JSON.stringify(query)},"variables":${variables}}`);
    }
  }
});

test('every resolver says by its length what it looks at', () => {
  const hidden = Object.values(schema.getTypeMap())
    .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []))
    .filter(({ resolve }) => /^[^{]*?(\.\.\.|=(?!>))/.test(String(resolve ?? '').split('=>')[0] ?? ''));
  expect(hidden.map(({ name }) => name)).toEqual([]);
});

/** Gives its place in the answer. */
const where: GraphQLFieldResolver<unknown, unknown> = (_source, _args, _context, { path }) =>
  pathToArray(path).join('/');

test('a resolver within a group that asks where it is is told', async () => {
  const group = new GraphQLObjectType({ name: 'Group', fields: { where: { type: GraphQLString, resolve: where } } });
  const image = new GraphQLObjectType({ name: 'Thing', fields: { group: { type: group, resolve: itself } } });
  const query = new GraphQLObjectType({ name: 'Query', fields: { image: { type: image, resolve: () => ({}) } } });
  const document = parse('{ image { group { where } } }');
  const operation = getOperationAST(document);
  if (!operation) throw new TypeError('expected an operation');
  const compiled = compileOperation(new GraphQLSchema({ query }), document, operation);
  expect(await compiled?.run(contextOver(wholeSource), {})).toBe('{"image":{"group":{"where":"image/group/where"}}}');
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
