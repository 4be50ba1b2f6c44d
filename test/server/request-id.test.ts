import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { answer } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { startTestGateway } from '../support/gateway.ts';

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const query = '{ images(first: 1) { edges { node { id } } } }';

const post = (url: string, headers: Readonly<Record<string, string>>, body: object = { query }) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
    body: JSON.stringify(body),
  });

test('one id goes from the client upstream and back: answer, error, and every line of the log', async () => {
  await using faulty = await startFaultyGateway();
  const { upstream, gateway } = faulty;
  upstream.next(answer(403));
  const response = await post(gateway.url, { 'x-auth-token': TOKEN, 'x-request-id': 'console/42' });

  expect(response.headers.get('x-request-id')).toBe('console/42');
  const { errors } = await response.json();
  expect(errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', requestId: 'console/42' });
  expect(upstream.requests.length).toBeGreaterThan(0);
  expect(upstream.requests.map(({ headers }) => headers['x-request-id'])).toEqual(
    upstream.requests.map(() => 'console/42'),
  );
  const lines = gateway.log.filter(({ msg }) => /^(upstream attempt|request answered)$/.test(msg));
  expect(new Set(lines.map(({ msg }) => msg)).size).toBe(2);
  expect(new Set(lines.map(({ requestId }) => requestId))).toEqual(new Set(['console/42']));
});

test('a request without an id gets one, which is the same everywhere', async () => {
  await using faulty = await startFaultyGateway();
  const response = await post(faulty.gateway.url, { 'x-auth-token': TOKEN });
  const id = response.headers.get('x-request-id');
  expect(id).toMatch(uuid);
  expect(faulty.upstream.requests.map(({ headers }) => headers['x-request-id'])).toEqual([id]);
});

test.each([
  ['too long', 'a'.repeat(101)],
  ['not in the alphabet of ids', 'a b'],
  ['the credential itself, which would be logged', TOKEN],
  ['something around the credential', `id-${TOKEN}`],
])('an id that is %s is replaced', async (_what, given) => {
  await using gateway = await startTestGateway();
  const response = await post(gateway.url, { 'x-auth-token': TOKEN, 'x-request-id': given });
  expect(response.headers.get('x-request-id')).toMatch(uuid);
});

test('every answer has an id: of GraphiQL, of health and metrics, and of each refusal', async () => {
  await using gateway = await startTestGateway({ env: { CORS_ORIGINS: 'https://console.example.com' } });
  const { origin } = new URL(gateway.url);
  const answers = [
    await fetch(gateway.url, { headers: { accept: 'text/html' } }),
    await fetch(`${origin}/health/live`),
    await fetch(`${origin}/health/ready`),
    await fetch(`${origin}/metrics`),
    await fetch(`${origin}/nothing`),
    await fetch(`${origin}/`, { redirect: 'manual' }),
    await fetch(gateway.url, { method: 'OPTIONS', headers: { origin: 'https://console.example.com' } }),
    await post(gateway.url, { 'content-type': 'text/plain' }),
    await post(gateway.url, {}, { query: '{' }),
    await post(gateway.url, {}, { query: '{ nothing }' }),
    await post(gateway.url, {}, { query: `{ ${'x'.repeat(200_000)} }` }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404, 302, 204, 415, 200, 200, 413]);
  for (const { headers } of answers) expect(headers.get('x-request-id')).toMatch(uuid);
});

test('errors before the execution carry the id too', async () => {
  await using gateway = await startTestGateway();
  for (const [headers, body] of [
    [{ 'content-type': 'text/plain' }, {}],
    [{}, { query: '{' }],
    [{}, { query: '{ nothing }' }],
    [{}, { query: 'query ($n: Int!) { images(first: $n) { edges { cursor } } }' }],
  ] as const) {
    const response = await post(gateway.url, headers, body);
    const { errors } = await response.json();
    expect(errors[0].extensions.requestId).toBe(response.headers.get('x-request-id'));
  }
});

test('what is not HTTP is answered with an id', async () => {
  await using gateway = await startTestGateway();
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (part) => (received += part));
  socket.write('HELLO\r\n\r\n');
  await once(socket, 'close');
  expect(received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nx-request-id: [\da-f-]{36}\r\nConnection: close\r\n/);
});

test('the mounted REST API keeps its own ids', async () => {
  await using gateway = await startTestGateway({ env: { IMS_ENDPOINT: '' } });
  const response = await fetch(new URL('/v1/cloudimages/fuzzy?limit=1', gateway.url), {
    headers: { 'x-auth-token': 'demo', 'x-request-id': 'mine' },
  });
  expect(response.headers.get('x-request-id')).toMatch(uuid);
});

test('pages of other origins may read the id', async () => {
  await using gateway = await startTestGateway({ env: { CORS_ORIGINS: 'https://console.example.com' } });
  const response = await post(gateway.url, { origin: 'https://console.example.com' });
  expect(response.headers.get('access-control-expose-headers')).toContain('x-request-id');
});
