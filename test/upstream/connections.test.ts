import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { errorKinds } from '../../src/image/errors.ts';
import { toImageQuery } from '../../src/image/query-string.ts';
import { createImsClient, type ImsClientOptions } from '../../src/upstream/client.ts';
import { answer, chunkedHead, hang, type Reaction, reset, startFaultServer } from '../support/fault-server.ts';
import { firstPage, startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { requestWith } from '../support/recorded-source.ts';

const caller = { key: 'somebody', token: TOKEN };
const query = (limit: number) => toImageQuery([['limit', String(limit)]]);
const edges = (alias: string, first: number) => `${alias}: images(first: ${first}) { edges { node { id } } }`;
/** Whether a request is for `images(first: 1)`: upstream is asked for one image more. */
const isShared = (target: string) => target.includes('limit=2&');
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

const defaults: Omit<ImsClientOptions, 'endpoint'> = {
  listPath: '/v1/cloudimages/fuzzy',
  listPathSetting: 'IMS_LIST_PATH',
  connections: 10,
  connectTimeoutMs: 3000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 5000,
  maxBodyBytes: 1_000_000,
  knownImagesMaxBytes: 1_000_000,
  wallNow: Date.now,
};

async function startClient(options: Partial<ImsClientOptions> = {}) {
  const upstream = await startFaultServer();
  const client = createImsClient({ endpoint: upstream.url, ...defaults, ...options });
  return {
    upstream,
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

const failure = (code: keyof typeof errorKinds, message: string = errorKinds[code].meaning) => ({
  data: null,
  errors: [expect.objectContaining({ message, extensions: { code, retryable: errorKinds[code].retryable } })],
});

test('the path, the canonical query and the token are what upstream gets', async () => {
  await using started = await startClient();
  const { upstream, client } = started;
  const { signal } = new AbortController();
  const page = await client.list(
    toImageQuery([
      ['name', 'a b&c'],
      ['limit', '2'],
    ]),
    caller,
    requestWith(signal),
  );
  await client.list(toImageQuery([]), caller, requestWith(signal));
  const images = [{ id: 'image-1' }];
  expect(page).toEqual({ images, sizeBytes: 29, requests: 1, readAgain: expect.any(Function) });
  expect(await page.readAgain?.()).toEqual(images);
  expect(upstream.requests).toMatchObject([
    { target: '/v1/cloudimages/fuzzy?limit=2&name=a%20b%26c', token: TOKEN },
    { target: '/v1/cloudimages/fuzzy', token: TOKEN },
  ]);
});

test('one connection serves one question after the other, errors and unusable answers in between', async () => {
  await using gateway = await startFaultyGateway();
  const { upstream } = gateway;
  upstream.next(
    answer(200, { images: [] }),
    answer(503, { error_code: 'APIGW.0201', error_msg: 'x'.repeat(200_000) }),
    answer(404),
    answer(200, '<html>'),
    answer(302, 'moved'),
  );
  for (let first = 1; first <= 5; first += 1) await gateway.askFirst(first);
  expect(await gateway.askFirst(6)).toEqual(firstPage);
  expect(upstream.requests.map(({ connection }) => connection)).toEqual([0, 0, 0, 0, 0, 0]);
});

test.for(['', '\uFEFF'])('a body in several parts is one text, cut within a character and after "%s"', async (mark) => {
  await using started = await startClient();
  const { upstream, client } = started;
  const body = Buffer.from(`${mark}{"images":[{"id":"image-1","name":"华为 ☁"}]}`);
  const cut = body.indexOf('☁') + 1;
  upstream.next((socket) => {
    socket.write(chunkedHead(200));
    for (const part of [body.subarray(0, cut), body.subarray(cut), Buffer.of()]) {
      socket.write(Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]));
    }
  });
  const images = [{ id: 'image-1', name: '华为 ☁' }];
  const page = await client.list(query(1), caller, requestWith());
  expect(page).toMatchObject({ images, sizeBytes: body.length, requests: 1 });
  expect(await page.readAgain?.()).toEqual(images);
});

test('no more connections are opened than allowed, and those that wait are served', async () => {
  await using gateway = await startFaultyGateway({ IMS_CONNECTIONS: '2' });
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((first) => gateway.askFirst(first)));
  expect(answers).toEqual(Array.from({ length: 6 }, () => firstPage));
  expect(gateway.upstream.requests).toHaveLength(6);
  expect(gateway.upstream.connections).toBe(2);
});

test('the deadline counts the wait for a connection', async () => {
  await using gateway = await startFaultyGateway({ IMS_CONNECTIONS: '1', IMS_DEADLINE_MS: '600' });
  const numbers = Array.from({ length: 10 }, (_, number) => number + 1);
  gateway.upstream.next(...numbers.map(() => hang));
  const since = performance.now();
  const answers = await Promise.all(numbers.map((first) => gateway.askFirst(first)));
  // One after the other they would take ten deadlines.
  expect(performance.now() - since).toBeLessThan(4000);
  const late = failure('UPSTREAM_TIMEOUT', 'The image service did not answer within 600 ms.');
  expect(answers).toEqual(numbers.map(() => late));
  // The first one's connection is free when it is late; who then has time left is asked after, the others never.
  expect(gateway.upstream.requests.length).toBeLessThan(10);
});

test('an upstream that takes the connection but shakes no hands costs the connect timeout', async () => {
  await using upstream = await startFaultServer();
  await using gateway = await startFaultyGateway({
    IMS_ENDPOINT: upstream.url.replace('http:', 'https:'),
    IMS_CONNECT_TIMEOUT_MS: '60',
  });
  const since = performance.now();
  expect(await gateway.askFirst()).toEqual(failure('UPSTREAM_TIMEOUT'));
  expect(performance.now() - since).toBeLessThan(5000);
  expect([upstream.connections, upstream.requests]).toEqual([1, []]);
});

test('the deadline counts the opening of a connection', async () => {
  await using upstream = await startFaultServer();
  await using gateway = await startFaultyGateway({
    IMS_ENDPOINT: upstream.url.replace('http:', 'https:'),
    IMS_CONNECT_TIMEOUT_MS: '60000',
    IMS_DEADLINE_MS: '100',
  });
  const since = performance.now();
  expect(await gateway.askFirst()).toEqual(
    failure('UPSTREAM_TIMEOUT', 'The image service did not answer within 100 ms.'),
  );
  expect(performance.now() - since).toBeLessThan(3000);
});

test('a refused connection is one error without an address, and the next request is answered', async () => {
  await using gateway = await startFaultyGateway();
  const { upstream } = gateway;
  await upstream.refuse();
  const refused = await gateway.askFirst();
  expect(refused).toEqual(failure('UPSTREAM_UNAVAILABLE'));
  expect(JSON.stringify(refused)).not.toMatch(/ECONN|127\.0\.0\.1/);
  expect(upstream.requests).toEqual([]);
  await upstream.listen();
  expect(await gateway.askFirst()).toEqual(firstPage);
  expect(upstream.requests).toHaveLength(1);
  expect(gateway.logged).toEqual([]);
});

test('a connection that upstream ended while it was idle is replaced, not reported', async () => {
  await using gateway = await startFaultyGateway();
  const { upstream } = gateway;
  expect(await gateway.askFirst(1)).toEqual(firstPage);
  upstream.next(answer(200, { images: [{ id: 'image-1' }] }, { Connection: 'close' }));
  expect(await gateway.askFirst(2)).toEqual(firstPage);
  expect(await gateway.askFirst(3)).toEqual(firstPage);
  expect(upstream.requests.map(({ connection }) => connection)).toEqual([0, 0, 1]);
});

/** An answer of the kind that comes before the answer. */
const interim =
  (head: string): Reaction =>
  (socket, target) => {
    socket.write(`HTTP/1.1 ${head}\r\n\r\n`);
    answer(200, { images: [{ id: 'image-1' }] })(socket, target);
  };

test.for(['103 Early Hints\r\nLink: </style.css>; rel=preload', '102 Processing'])(
  'what comes before an answer is passed over: %s',
  async (head) => {
    await using faulty = await startFaultyGateway();
    faulty.upstream.next(interim(head));
    expect(await faulty.askFirst()).toEqual(firstPage);
  },
);

test('100 Continue, which is for requests with a body that ask for it, is one failure, and the next request is answered', async () => {
  await using faulty = await startFaultyGateway({ IMS_MAX_RETRIES: '1' });
  faulty.upstream.next(interim('100 Continue'));
  expect(await faulty.askFirst()).toEqual(firstPage);
  expect(faulty.upstream.requests).toHaveLength(2);
});

test('one request that breaks fails nobody else', async () => {
  await using gateway = await startFaultyGateway();
  gateway.upstream.next(reset());
  const answers = await Promise.all([1, 2, 3, 4].map((first) => gateway.askFirst(first)));
  expect(answers.filter(({ errors }) => errors !== undefined)).toEqual([failure('UPSTREAM_UNAVAILABLE')]);
  expect(gateway.upstream.requests).toHaveLength(4);
});

test('a client that goes away takes its upstream request with it', async () => {
  await using gateway = await startFaultyGateway();
  const { upstream } = gateway;
  upstream.next(hang);
  const client = new AbortController();
  const asked = gateway.askFirst(1, client.signal);
  const request = await upstream.arrival(0);
  client.abort();
  await expect(asked).rejects.toThrow('aborted');
  await request.closed;
  expect(await gateway.askFirst(1)).toEqual(firstPage);
  expect(upstream.requests).toHaveLength(2);
  expect(gateway.logged).toEqual([]);
});

test('a client that goes away leaves alone another that waits for the same answer', async () => {
  await using gateway = await startFaultyGateway();
  const { upstream } = gateway;
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const page = answer(200, { images: [{ id: 'image-1' }] });
  const shared: Reaction = (socket, target) => void released.then(() => page(socket, target));
  // The second field of each document tells when its first is waiting, and when its client has been seen to leave.
  upstream.next(shared, hang, page);
  const ask = (first: number, signal?: AbortSignal) => gateway.ask(`{ ${edges('a', 1)} ${edges('b', first)} }`, signal);

  const opens = gateway.askFirst(1);
  await upstream.arrival(0);
  const client = new AbortController();
  const leaves = ask(2, client.signal);
  const hanging = await upstream.arrival(1);
  const stays = ask(3);
  await upstream.arrival(2);

  client.abort();
  await expect(leaves).rejects.toThrow('aborted');
  await hanging.closed;
  release();
  expect(await opens).toEqual(firstPage);
  expect(await stays).toEqual({ data: { a: firstPage.data.images, b: firstPage.data.images } });
  expect(upstream.requests).toHaveLength(3);
});

test('the client that asked first may go away before the others that wait for the same answer', async () => {
  await using gateway = await startFaultyGateway();
  const { upstream } = gateway;
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const page = answer(200, { images: [{ id: 'image-1' }] });
  const react: Reaction = (socket, target) =>
    isShared(target) ? void released.then(() => page(socket, target)) : hang(socket, target);
  upstream.next(react, react, page);

  const client = new AbortController();
  const leaves = gateway.ask(`{ ${edges('a', 1)} ${edges('b', 2)} }`, client.signal);
  const opened = [await upstream.arrival(0), await upstream.arrival(1)];
  const stays = gateway.ask(`{ ${edges('a', 1)} ${edges('b', 3)} }`);
  await upstream.arrival(2);

  client.abort();
  await expect(leaves).rejects.toThrow('aborted');
  await opened.find(({ target }) => !isShared(target))?.closed;
  release();
  expect(await stays).toEqual({ data: { a: firstPage.data.images, b: firstPage.data.images } });
  expect(upstream.requests).toHaveLength(3);
});

test('an aborted question rejects with the reason, at once even while it waits for a connection', async () => {
  await using started = await startClient({ connections: 1 });
  const { upstream, client } = started;
  upstream.next(hang);
  const first = new AbortController();
  const second = new AbortController();
  const hanging = client.list(query(1), caller, requestWith(first.signal));
  await upstream.arrival(0);
  const waiting = client.list(query(2), caller, requestWith(second.signal));

  second.abort(new Error('second left'));
  await expect(waiting).rejects.toThrow('second left');
  first.abort(new Error('first left'));
  await expect(hanging).rejects.toThrow('first left');
  await upstream.requests[0]?.closed;

  await client.list(query(3), caller, requestWith());
  expect(upstream.requests.map(({ target }) => target.split('?')[1])).toEqual(['limit=1', 'limit=3']);
});

test('a question that is aborted from the start never reaches upstream', async () => {
  await using started = await startClient();
  const aborted = AbortSignal.abort(new Error('gone already'));
  await expect(started.client.list(query(1), caller, requestWith(aborted))).rejects.toThrow('gone already');
  expect(started.upstream.connections).toBe(0);
});

test('a signal is left without listeners and the process without timers, however a question ends', async () => {
  await using started = await startClient();
  const { upstream, client } = started;
  const { signal } = new AbortController();
  const before = timers();
  upstream.next(answer(200, { images: [] }), answer(500), answer(200, 'no JSON'), reset());
  const outcomes = [];
  for (let i = 0; i < 4; i += 1)
    outcomes.push(await Promise.allSettled([client.list(query(1), caller, requestWith(signal))]));
  expect(outcomes.flat().map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  await client.close();
  expect(timers()).toBeLessThanOrEqual(before);
});

test('closing ends what is in flight as a failure of upstream, and what is asked later', async () => {
  await using started = await startClient();
  const { upstream, client } = started;
  upstream.next(hang);
  const hanging = client.list(query(1), caller, requestWith());
  const request = await upstream.arrival(0);
  const outcome = expect(hanging).rejects.toMatchObject({ name: 'UpstreamError', code: 'UPSTREAM_UNAVAILABLE' });
  await client.close();
  await outcome;
  await request.closed;
  await expect(client.list(query(1), caller, requestWith())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  expect(upstream.requests).toHaveLength(1);
});
