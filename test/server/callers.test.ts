import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGraphqlServer } from '../../src/server/server.ts';
import { listenOn } from '../../src/server/listen.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const own = '{ images(first: 100, filter: { type: PRIVATE }) { edges { node { owner } } } }';
const ownersOf = (answer: { readonly data?: any }) =>
  new Set(answer.data.images.edges.map((edge: any) => edge.node.owner));

const projectA = 'ed7d42abfb08ac33e24183c4c6baeb73';
const projectB = 'f9c50af31d90d014734ecdb2dc58c042';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const ask = (headers: Record<string, string>, query = own) =>
  fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  }).then((response) => response.json());

test('a request sees what its own token sees, also when another caller asked the same just before', async () => {
  for (const [token, project] of [
    ['demo', projectA],
    ['demo-b', projectB],
    ['demo', projectA],
    ['demo-b', projectB],
  ] as const) {
    expect(ownersOf(await ask({ 'x-auth-token': token }))).toEqual(new Set([project]));
    expect(ownersOf(await ask({ authorization: `Bearer ${token}` }))).toEqual(new Set([project]));
  }
  // One request for each of the two callers; the rest is from the cache.
  expect(gateway.takeRequests()).toHaveLength(2);
});

test('without a token there is no answer, and no request upstream', async () => {
  for (const headers of [
    {},
    { cookie: 'x-auth-token=demo' },
    { authorization: 'Basic ZGVtbw==' },
    { 'x-auth-token': 'a b' },
  ]) {
    expect(await ask(headers)).toMatchObject({
      data: null,
      errors: [
        {
          message: 'Expected a token in the X-Auth-Token header, but received no usable one.',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
  }
  expect(gateway.takeRequests()).toEqual([]);
});

test('a token that upstream does not know, and one that may not list images', async () => {
  const [unknown, forbidden] = [await ask({ 'x-auth-token': 'who' }), await ask({ 'x-auth-token': 'demo-forbidden' })];
  expect(unknown.errors).toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED', upstream: { status: 401, code: 'APIGW.0301' } } },
  ]);
  expect(forbidden.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', upstream: { status: 403 } } }]);
  gateway.takeRequests();
});

test('the schema can be read without a token', async () => {
  expect(await ask({}, '{ __schema { queryType { name } } }')).toEqual({
    data: { __schema: { queryType: { name: 'Query' } } },
  });
});

test('with a token of its own the gateway asks as itself, whoever asks it', async () => {
  await using itself = await startTestGateway({ env: { IMS_AUTH_TOKEN: 'demo-b' } });
  expect(ownersOf(await itself.ask(own, {}, { headers: { 'x-auth-token': 'demo' } }))).toEqual(new Set([projectB]));
});

test('over the embedded service a request without a token is the demo project', async () => {
  await using embedded = await startTestGateway({ env: { IMS_ENDPOINT: '' } });
  expect(ownersOf(await embedded.ask(own))).toEqual(new Set([projectA]));
});

test('a mistake of the gateway is logged and hidden', async () => {
  const logged: string[] = [];
  const server = createGraphqlServer({
    source: { list: () => Promise.reject(new Error('the secret of the house')) },
    callers: { kind: 'forwarded', anonymousToken: 'demo' },
    graphiql: null,
    corsOrigins: [],
    trustedDocuments: null,
    apqMaxBytes: 0,
    compression: false,
    rendered: null,
    introspection: true,
    maxRequestBytes: 10_000,
    http: readConfig({}).http,
    rateLimitPerMinute: 0,
    scanMaxWindows: 20,
    mounts: [],
    newRequestId: () => 'request-1',
    now: () => 0,
    observe: () => {},
    trace: (_headers, work) => work(() => {}),
    log: createLog({ level: 'info', destination: { write: (line) => logged.push(line) }, wallNow: () => 0 }),
  });
  const listener = await listenOn(server, '127.0.0.1', 0);
  const response = await fetch(`${listener.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: own }),
  });
  expect(await response.json()).toMatchObject({
    data: null,
    errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  });
  expect(logged.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', requestId: 'request-1', err: { message: 'the secret of the house' } },
  ]);
  await listener.close(0, 1000);
});

test('GraphiQL can be switched off', async () => {
  const html = { headers: { accept: 'text/html' } };
  await using off = await startTestGateway({ env: { GRAPHIQL: 'off' } });
  expect((await fetch(gateway.url, html)).headers.get('content-type')).toContain('text/html');
  expect((await fetch(off.url, html)).headers.get('content-type') ?? '').not.toContain('text/html');
});
