import { expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { openConnection } from '../support/raw-connection.ts';

const head = (length: number): string =>
  `POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
const body = JSON.stringify({ query: '{ __typename }' });
const answerTo408 = /^HTTP\/1\.1 408 Request Timeout\r\nx-request-id: \S+\r\nConnection: close\r\n/;

const timed = async (wait: Promise<void>): Promise<number> => {
  const startedAt = performance.now();
  await wait;
  return performance.now() - startedAt;
};

test.each([
  ['sends no byte', ''],
  ['stops within the head', 'POST /graphql HTTP/1.1\r\nHost: gate'],
])('a client that %s is cut off with 408 in time', async (_what, sent) => {
  await using gateway = await startTestGateway({ env: { HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '5000' } });
  const connection = await openConnection(gateway.url);
  connection.socket.write(sent);
  expect(await timed(connection.closed)).toBeLessThan(2000);
  expect(connection.received).toMatch(answerTo408);
});

test('a client that trickles its head is cut off with 408 in time', async () => {
  await using gateway = await startTestGateway({ env: { HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '5000' } });
  const connection = await openConnection(gateway.url);
  connection.socket.write('POST /graphql HTTP/1.1\r\n');
  const trickle = setInterval(() => connection.socket.write('X-More: 1\r\n'), 20);
  expect(await timed(connection.closed)).toBeLessThan(2000);
  clearInterval(trickle);
  expect(connection.received).toMatch(answerTo408);
});

test('a client that trickles its body is cut off with 408 in time, and nobody is asked', async () => {
  await using gateway = await startTestGateway({ env: { HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '500' } });
  const connection = await openConnection(gateway.url);
  connection.socket.write(head(1000));
  const trickle = setInterval(() => connection.socket.write(' '), 20);
  expect(await timed(connection.closed)).toBeLessThan(3000);
  clearInterval(trickle);
  expect(connection.received).toMatch(answerTo408);
  expect(gateway.takeRequests()).toEqual([]);
  expect(gateway.logged).toEqual([]);
});

test('a slow upstream is no slow client', async () => {
  await using gateway = await startTestGateway({ env: { HEADERS_TIMEOUT_MS: '200', REQUEST_TIMEOUT_MS: '200' } });
  gateway.ims.faults.add({ kind: 'delay', ms: 900 });
  expect(await gateway.ask('{ images(first: 1) { pageInfo { hasNextPage } } }')).toMatchObject({
    data: { images: { pageInfo: { hasNextPage: true } } },
  });
});

test('a head over the limit is refused with 431', async () => {
  await using gateway = await startTestGateway({ env: { MAX_HEADER_BYTES: '2048' } });
  const connection = await openConnection(gateway.url);
  connection.socket.write(`GET /graphql HTTP/1.1\r\nHost: gateway\r\nX-Auth-Token: ${'a'.repeat(4000)}\r\n\r\n`);
  await connection.closed;
  expect(connection.received).toMatch(/^HTTP\/1\.1 431 /);
});

test('the longest token of the manual passes with room', async () => {
  await using gateway = await startTestGateway();
  const headers = { 'content-type': 'application/json', 'x-auth-token': 'a'.repeat(16_384), connection: 'close' };
  const response = await fetch(gateway.url, { method: 'POST', headers, body });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});

test.each([
  ['announced', (bytes: number) => head(bytes), (text: string) => text],
  [
    'not announced',
    () =>
      'POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`,
  ],
] as const)('of a body over the limit that is %s the rest is not read', async (_what, start, wrap) => {
  await using gateway = await startTestGateway({ env: { MAX_REQUEST_BYTES: '2048' } });
  const connection = await openConnection(gateway.url);
  const total = 200 * 2 ** 20;
  const piece = 'x'.repeat(2 ** 16);
  connection.socket.write(start(total));
  let sent = 0;
  const more = () => {
    while (sent < total && connection.socket.writable) {
      sent += piece.length;
      if (!connection.socket.write(wrap(piece))) return;
    }
  };
  connection.socket.on('drain', more);
  more();
  await connection.closed;
  expect(connection.received).toMatch(/^HTTP\/1\.1 413 /);
  expect(connection.received).toContain('REQUEST_ENTITY_TOO_LARGE');
  // What the machine’s buffers take is sent before anybody could refuse it.
  expect(sent).toBeLessThan(total / 4);
});

test('more connections than the limit are closed as they come, and there is room again when one ends', async () => {
  await using gateway = await startTestGateway({ env: { MAX_CONNECTIONS: '2' } });
  const connections = [await openConnection(gateway.url), await openConnection(gateway.url)];
  const excess = await openConnection(gateway.url);
  await excess.closed;
  expect(excess.received).toBe('');

  const request = `${head(body.length)}${body}`;
  for (const connection of connections) {
    connection.socket.write(request);
    await connection.arrived(/"data"/);
  }
  connections[0]?.socket.end();
  await connections[0]?.closed;
  const next = await openConnection(gateway.url);
  next.socket.write(request);
  await next.arrived(/"data"/);
  expect(next.received).toContain('{"data":{"__typename":"Query"}}');
});

test('a connection without a request is closed after its time', async () => {
  await using gateway = await startTestGateway({ env: { KEEP_ALIVE_MS: '100' } });
  const connection = await openConnection(gateway.url);
  connection.socket.write(`${head(body.length)}${body}`);
  await connection.arrived(/"data"/);
  expect(await timed(connection.closed)).toBeLessThan(3000);
});
