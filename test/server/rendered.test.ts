import { createHash } from 'node:crypto';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/embedded/random.ts';
import { answer, hang } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { type FuzzRequest, nextFuzzRequest } from '../support/fuzz-requests.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { openConnection } from '../support/raw-connection.ts';

/** What a metric of the gateway says. */
async function metric(gateway: TestGateway, name: string): Promise<number> {
  const text = await (await fetch(gateway.metricsUrl ?? '', { headers: { connection: 'close' } })).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

/** How many requests were answered with a finished response. */
const renderedBy = (gateway: TestGateway): Promise<number> => metric(gateway, 'gateway_rendered_requests_total');

const page = '{ images(first: 3) { edges { node { id name os { type } } } totalCount } }';

/** Everything of an answer but its date. */
async function send(pool: Pool, { method, path, headers, body }: FuzzRequest) {
  const sent = { ...headers, 'x-request-id': 'the-same' };
  const got = await pool.request({ method, path, headers: sent, body, signal: AbortSignal.timeout(5000) });
  const { date: _, ...answered } = got.headers;
  // An error tells the id that the image service gave its answer.
  const text = (await got.body.text()).replace(/"requestId":"[\da-f-]{36}"/g, '"requestId":"another"');
  return { status: got.statusCode, headers: Object.entries(answered), body: text };
}

const got = (query: string, headers = {}): FuzzRequest => ({
  method: 'GET',
  path: `/graphql?${new URLSearchParams({ query })}`,
  headers: { 'x-auth-token': 'demo', ...headers },
  body: null,
});

describe('a finished response is what would be answered without it', () => {
  let fast: TestGateway;
  let slow: TestGateway;
  beforeAll(async () => {
    const env = { CORS_ORIGINS: 'https://console.example.com', GRAPHIQL: 'on' };
    fast = await startTestGateway({ env: (endpoint) => ({ IMS_ENDPOINT: endpoint, ...env }) });
    slow = await startTestGateway({
      env: (endpoint) => ({ IMS_ENDPOINT: endpoint, ...env, RENDERED_MAX_BYTES: '0' }),
    });
  });
  afterAll(async () => {
    await fast[Symbol.asyncDispose]();
    await slow[Symbol.asyncDispose]();
  });

  /** Sends each request so often to both gateways, and expects the same answers from them. */
  async function compare(requests: readonly FuzzRequest[], times = 3): Promise<number> {
    const [one, two] = [fast, slow].map(({ url }) => new Pool(new URL(url).origin, { connections: 1 }));
    if (one === undefined || two === undefined) throw new Error('Expected two gateways.');
    const before = await renderedBy(fast);
    for (const request of requests) {
      for (let i = 0; i < times; i += 1) {
        // One after the other, as each answer tells what it cost.
        // oxlint-disable-next-line no-await-in-loop
        expect(await send(one, request), JSON.stringify(request)).toEqual(await send(two, request));
      }
    }
    await Promise.all([one.destroy(), two.destroy()]);
    expect(fast.takeRequests()).toEqual(slow.takeRequests());
    return (await renderedBy(fast)) - before;
  }

  const json = { 'content-type': 'application/json', 'x-auth-token': 'demo' };
  const posted = (body: unknown, headers = {}): FuzzRequest => ({
    method: 'POST',
    path: '/graphql',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });
  const named = `query A { a: __typename } query B($n: Int!) { images(first: $n) { edges { node { id name raw } } } }`;

  test.each<[string, FuzzRequest]>([
    ['a page', posted({ query: page })],
    ['variables', posted({ query: named, operationName: 'B', variables: { n: 7 } })],
    [
      'a caller whose token stands elsewhere',
      posted({ query: page }, { 'x-auth-token': '', authorization: 'Bearer demo-b' }),
    ],
    ['an accepted media type', posted({ query: page }, { accept: 'application/graphql-response+json' })],
    ['compression', posted({ query: '{ images(first: 50) { edges { node { raw } } } }' }, { 'accept-encoding': 'br' })],
    [
      'another coding',
      posted({ query: '{ images(first: 50) { edges { node { raw } } } }' }, { 'accept-encoding': 'gzip' }),
    ],
    ['a page of another origin', posted({ query: page }, { origin: 'https://console.example.com' })],
    ['a page of an origin that may not', posted({ query: page }, { origin: 'https://elsewhere.example.com' })],
    ['GET', got(page)],
    ['GET of what the client has', got(page, { 'if-none-match': '*' })],
    ['one image', posted({ query: '{ image(id: "00000000-0000-4000-8000-000000000000") { id } }' })],
    ['a stream of events', posted({ query: page }, { accept: 'text/event-stream' })],
    ['a scan', posted({ query: '{ images(filter: { nameMatches: { contains: "u" } }) { totalCount } }' })],
  ])('%s, and it is sent the third time', async (_what, request) => {
    expect(await compare([request])).toBeGreaterThan(0);
  });

  test.each<[string, FuzzRequest]>([
    ['introspection', posted({ query: '{ __schema { types { name } } }' })],
    ['no images at all', posted({ query: '{ __typename }' })],
    ['another operation of the document', posted({ query: named, operationName: 'A' })],
    ['an error beside data', posted({ query: '{ __typename image(id: "") { id } images(first: 0) { totalCount } }' })],
    ['a syntax error', posted({ query: '{' })],
    ['an unknown field', posted({ query: '{ nothing }' })],
    ['a caller unknown upstream', posted({ query: page }, { 'x-auth-token': 'nobody' })],
    ['a body that is no JSON', { ...posted({}), body: '{' }],
    ['another content type', posted({ query: page }, { 'content-type': 'text/plain' })],
    ['GraphiQL', got('', { accept: 'text/html' })],
    ['HEAD', { ...got(page), method: 'HEAD' }],
    ['OPTIONS', { ...got(page), method: 'OPTIONS', headers: { origin: 'https://console.example.com' } }],
    ['PUT', { ...posted({ query: page }), method: 'PUT' }],
  ])('%s is never sent again', async (_what, request) => {
    expect(await compare([request])).toBe(0);
  });

  test('whatever is asked', async () => {
    const random = createRandom(11);
    const requests = Array.from({ length: 600 }, () => nextFuzzRequest(random));
    expect(await compare(requests, 3)).toBeGreaterThan(5);
  }, 120_000);
});

/** Asks until the answer would be a finished one if it were kept. */
async function askOften(gateway: TestGateway, query = page, headers = {}): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await gateway.ask(query, {}, { headers });
  }
}

const idsFrom = (answered: any) => answered.data.images.edges.map(({ node }: any) => node.id);
const ofId = (id: string) => answer(200, { images: [{ id }] });

describe('a finished response goes with the pages that it was made of', () => {
  const first = '{ images(first: 1) { edges { node { id } } } }';

  test('it is never older than they may be', async () => {
    const clock = { ms: 1000 };
    await using faulty = await startFaultyGateway(
      { CACHE_FRESH_MS: '1000', CACHE_REVALIDATE_MS: '0', CACHE_STALE_IF_ERROR_MS: '0' },
      { now: () => clock.ms },
    );
    await faulty.ask(first);
    clock.ms += 900;
    await faulty.ask(first);
    await faulty.ask(first);
    expect(await renderedBy(faulty.gateway)).toBe(1);
    faulty.upstream.next(ofId('newer'));
    clock.ms += 101;
    expect(idsFrom(await faulty.ask(first))).toEqual(['newer']);
    expect(await renderedBy(faulty.gateway)).toBe(1);
    expect(faulty.upstream.requests).toHaveLength(2);
  });

  test('what is stale says so, and is not kept', async () => {
    const clock = { ms: 1000 };
    await using faulty = await startFaultyGateway({ CACHE_FRESH_MS: '1000' }, { now: () => clock.ms });
    await askOften(faulty.gateway, first, { 'x-auth-token': TOKEN });
    expect(await renderedBy(faulty.gateway)).toBe(1);
    faulty.upstream.next(hang);
    clock.ms += 1500;
    for (let i = 0; i < 3; i += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { extensions } = await faulty.gateway.askWhole(first, {}, { headers: { 'x-auth-token': TOKEN } });
      expect(extensions?.['stale']).toMatchObject({ ageSeconds: 2, because: 'revalidating' });
    }
    expect(await renderedBy(faulty.gateway)).toBe(1);
  });

  test('it is not given to a caller whom upstream has refused since', async () => {
    await using faulty = await startFaultyGateway();
    await askOften(faulty.gateway, first, { 'x-auth-token': TOKEN });
    expect(await renderedBy(faulty.gateway)).toBe(1);
    faulty.upstream.next(answer(401, { error: { code: 'APIGW.0307', message: 'no' } }));
    await faulty.askFirst(2);
    faulty.upstream.next(answer(401, { error: { code: 'APIGW.0307', message: 'no' } }));
    expect(await faulty.ask(first)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(faulty.upstream.requests).toHaveLength(3);
  });

  test('it goes when a page of it makes room for others', async () => {
    await using faulty = await startFaultyGateway({ CACHE_MAX_PAGES: '2' });
    await askOften(faulty.gateway, first, { 'x-auth-token': TOKEN });
    await faulty.askFirst(2);
    await faulty.ask(first);
    expect(await renderedBy(faulty.gateway)).toBe(2);
    await faulty.askFirst(2);
    await faulty.askFirst(3);
    await faulty.askFirst(4);
    await faulty.ask(first);
    expect(await renderedBy(faulty.gateway)).toBe(2);
    expect(faulty.upstream.requests).toHaveLength(5);
  });

  test('and its use keeps the pages it was made of', async () => {
    await using faulty = await startFaultyGateway({ CACHE_MAX_PAGES: '2' });
    await askOften(faulty.gateway, first, { 'x-auth-token': TOKEN });
    for (const other of [2, 3, 4, 5]) {
      // oxlint-disable-next-line no-await-in-loop
      await faulty.askFirst(other);
      // oxlint-disable-next-line no-await-in-loop
      await faulty.ask(first);
    }
    expect(await renderedBy(faulty.gateway)).toBe(5);
    expect(faulty.upstream.requests).toHaveLength(5);
  });

  test('without a cache of pages none is kept', async () => {
    await using faulty = await startFaultyGateway({ CACHE_FRESH_MS: '0' });
    await askOften(faulty.gateway, first, { 'x-auth-token': TOKEN });
    expect(await renderedBy(faulty.gateway)).toBe(0);
    expect(faulty.upstream.requests).toHaveLength(3);
  });
});

test('a text that is to be kept is looked at each time, its hash alone is not', async () => {
  await using gateway = await startTestGateway();
  const sha256Hash = createHash('sha256').update(page).digest('hex');
  const sendHash = async (query: string | undefined) =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': 'demo', connection: 'close' },
      body: JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
    });
  for (const query of [page, page, page]) expect((await sendHash(query)).status).toBe(200);
  expect(await renderedBy(gateway)).toBe(0);
  for (const query of [undefined, undefined, undefined]) expect((await sendHash(query)).status).toBe(200);
  expect(await renderedBy(gateway)).toBe(1);
});

test('every caller has responses of its own', async () => {
  await using gateway = await startTestGateway();
  const own = '{ images(filter: { type: PRIVATE }) { edges { node { owner } } } }';
  await askOften(gateway, own);
  expect(await renderedBy(gateway)).toBe(1);
  const [mine, others] = [
    await gateway.ask(own),
    await gateway.ask(own, {}, { headers: { 'x-auth-token': 'demo-b' } }),
  ];
  expect(await renderedBy(gateway)).toBe(2);
  expect(others).not.toEqual(mine);
});

test('a response that is sent again counts against the allowance of its caller', async () => {
  await using gateway = await startTestGateway({
    env: (endpoint) => ({ IMS_ENDPOINT: endpoint, RATE_LIMIT_PER_MINUTE: '4' }),
  });
  await askOften(gateway);
  await gateway.ask(page);
  expect(await renderedBy(gateway)).toBe(2);
  expect(await gateway.ask(page)).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  expect(await renderedBy(gateway)).toBe(2);
});

test('it is recorded as every other answer, with an id of its own', async () => {
  await using gateway = await startTestGateway();
  await askOften(gateway, `query Pick ${page}`);
  const lines = gateway.log.filter(({ msg }) => msg === 'request answered');
  const { rendered: _, durationMs: __, requestId, upstreamRequests, time: ___, ...facts } = lines[2] ?? {};
  expect(lines[2]).toMatchObject({ rendered: true, upstreamRequests: 0, durationMs: expect.any(Number) });
  expect(lines[1]).toMatchObject({ ...facts, rendered: false, upstreamRequests: 0, operationName: 'Pick' });
  expect(new Set(lines.map((line) => line['requestId'])).size).toBe(3);
  expect([requestId, upstreamRequests]).toEqual([expect.stringMatching(/^[\w-]{36}$/), 0]);

  expect(await metric(gateway, 'gateway_requests_total{operation="Pick",code="OK"}')).toBe(3);
  expect(await metric(gateway, 'gateway_requests_in_flight')).toBe(0);
  expect(await metric(gateway, 'gateway_rendered_requests_total')).toBe(1);
  expect(await metric(gateway, 'gateway_rendered_responses')).toBe(1);
  expect(await metric(gateway, 'gateway_rendered_bytes')).toBeGreaterThan(500);
});

test('no more bytes are kept than configured', async () => {
  await using gateway = await startTestGateway({
    env: (endpoint) => ({ IMS_ENDPOINT: endpoint, RENDERED_MAX_BYTES: '4000' }),
  });
  for (let n = 1; n <= 20; n += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await askOften(gateway, `{ images(first: ${n}) { edges { node { raw } } } }`);
  }
  expect(await metric(gateway, 'gateway_rendered_bytes')).toBeLessThanOrEqual(4000);
  // The largest of them have no room at all.
  expect(await renderedBy(gateway)).toBeLessThan(20);
  expect(await renderedBy(gateway)).toBeGreaterThan(3);
});

const body = JSON.stringify({ query: page });
const head = (length: string, more = '') =>
  `POST /graphql HTTP/1.1\r\nHost: x\r\nX-Auth-Token: demo\r\nContent-Type: application/json\r\n${more}${length}\r\n\r\n`;

/** Text to send, and a pattern of what has to be received before the next one is. */
type Packet = readonly [text: string, received: RegExp];
const answered = (count: number) => new RegExp(`(HTTP/1\\.1 200[^]*?"cost"[^]*?){${count}}`);

describe('however a request arrives', () => {
  const whole = head(`Content-Length: ${body.length}`) + body;
  const asked: readonly Packet[] = [
    [whole, answered(1)],
    [whole, answered(2)],
  ];
  const apart = head(`Content-Length: ${body.length}`, 'Expect: 100-continue\r\n');
  const chunked = `${head('Transfer-Encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

  test.each<[how: string, packets: readonly Packet[], rendered: readonly number[]]>([
    ['at once', [[whole, answered(3)]], [1]],
    ['one behind the other in one packet', [[whole + whole + whole, answered(5)]], [3]],
    [
      'its body after its head',
      [
        [apart, / 100 Continue/],
        [body, answered(3)],
      ],
      [1],
    ],
    [
      'its body in pieces',
      [
        [apart, / 100 Continue/],
        [body.slice(0, 9), / 100 Continue/],
        [body.slice(9), answered(3)],
      ],
      // As the pieces arrive together or not.
      [0, 1],
    ],
    ['without a word of its length', [[chunked, answered(3)]], [0]],
  ])('%s, the answer is the same', async (_how, packets, rendered) => {
    await using gateway = await startTestGateway();
    const connection = await openConnection(gateway.url);
    connection.socket.setNoDelay(true);
    for (const [text, received] of [...asked, ...packets]) {
      connection.socket.write(text);
      // oxlint-disable-next-line no-await-in-loop
      await connection.arrived(received);
    }
    const [first, ...later] = connection.received.match(/\{"data".*?"cost":\{.*?\}\}\}/g) ?? [];
    expect(first).toMatch(/"requests":[1-9]/);
    expect(later.length).toBeGreaterThan(1);
    expect(new Set(later).size).toBe(1);
    expect(rendered).toContain(await renderedBy(gateway));
    connection.socket.destroy();
  });
});
