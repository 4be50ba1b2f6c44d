import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/embedded/random.ts';
import { type FuzzRequest, nextFuzzRequest } from '../support/fuzz-requests.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { openConnection } from '../support/raw-connection.ts';
import { page, renderedBy } from '../support/rendered.ts';

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
