import { expect, test } from 'vitest';
import { answer, hang } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { startTestGateway } from '../support/gateway.ts';

/** A clock that a test moves. */
function createClock() {
  let ms = 0;
  return { now: () => ms, pass: (more: number) => void (ms += more) };
}

const readiness = async (graphqlUrl: string) => {
  const response = await fetch(new URL('/health/ready', graphqlUrl), { headers: { connection: 'close' } });
  return { http: response.status, ...(await response.json()) };
};

const own = { IMS_AUTH_TOKEN: TOKEN };
const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
const ready = { http: 200, status: 'ready', upstream: { state: 'up', since } };
const notReady = (code: string) => ({ http: 503, status: 'not ready', upstream: { state: 'down', code, since } });

test('liveness asks nobody', async () => {
  await using faulty = await startFaultyGateway();
  await faulty.upstream.refuse();
  const response = await fetch(new URL('/health/live', faulty.gateway.url));
  expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }]);
});

test('with credentials of its own it asks upstream for one image', async () => {
  await using faulty = await startFaultyGateway(own);
  expect(await readiness(faulty.gateway.url)).toEqual(ready);
  expect(faulty.upstream.requests).toMatchObject([{ target: '/v1/cloudimages/fuzzy?limit=1', token: TOKEN }]);
});

test('without credentials a refusal proves that upstream is there; no caller’s token is used', async () => {
  await using faulty = await startFaultyGateway();
  faulty.upstream.next(
    answer(401, { error_code: 'APIGW.0301', error_msg: 'Incorrect IAM authentication information' }),
  );
  expect(await readiness(faulty.gateway.url)).toEqual(ready);
  expect(faulty.upstream.requests).toMatchObject([
    { target: '/v1/cloudimages/fuzzy?limit=1', token: 'readiness-probe' },
  ]);
});

test('with credentials of its own that upstream refuses it cannot serve', async () => {
  await using faulty = await startFaultyGateway(own);
  faulty.upstream.next(answer(401, {}));
  expect(await readiness(faulty.gateway.url)).toEqual(notReady('UNAUTHENTICATED'));
});

test('up, down and back: each finding is used for five seconds, by any number who ask at once', async () => {
  const clock = createClock();
  await using faulty = await startFaultyGateway(own, clock);
  const { upstream, gateway } = faulty;
  const askAll = () => Promise.all(Array.from({ length: 20 }, () => readiness(gateway.url)));

  expect(new Set((await askAll()).map(({ http }) => http))).toEqual(new Set([200]));
  expect(upstream.requests).toHaveLength(1);

  await upstream.refuse();
  clock.pass(4999);
  expect(await readiness(gateway.url)).toEqual(ready);
  clock.pass(1);
  const down = await askAll();
  expect(down[0]).toEqual(notReady('UPSTREAM_UNAVAILABLE'));

  await upstream.listen();
  expect(await readiness(gateway.url)).toEqual(down[0]);
  clock.pass(5000);
  expect(await readiness(gateway.url)).toEqual(ready);
  expect(upstream.requests).toHaveLength(2);
});

test('an upstream that does not answer is down after two seconds', async () => {
  await using faulty = await startFaultyGateway(own);
  faulty.upstream.next(hang);
  expect(await readiness(faulty.gateway.url)).toEqual(notReady('UPSTREAM_TIMEOUT'));
});

test('an upstream that throttles is up', async () => {
  await using faulty = await startFaultyGateway(own);
  faulty.upstream.next(answer(429, {}));
  expect(await readiness(faulty.gateway.url)).toEqual(ready);
});

test('what a request has just found out need not be asked; a failed request is looked into', async () => {
  await using faulty = await startFaultyGateway(own, createClock());
  const { upstream, gateway } = faulty;
  await faulty.askFirst(1);
  expect(await readiness(gateway.url)).toEqual(ready);
  expect(upstream.requests).toHaveLength(1);

  upstream.next(answer(400, {}));
  await faulty.askFirst(2);
  expect(await readiness(gateway.url)).toEqual(ready);
  expect(upstream.requests).toHaveLength(2);

  await upstream.refuse();
  await faulty.askFirst(3);
  expect(await readiness(gateway.url)).toEqual(notReady('UPSTREAM_UNAVAILABLE'));
});

test('however often requests succeed and fail in turn, upstream is asked once in five seconds at most', async () => {
  const clock = createClock();
  await using faulty = await startFaultyGateway(own, clock);
  const { upstream, gateway } = faulty;
  for (let i = 1; i <= 30; i += 1) {
    if (i % 2 === 0) upstream.next(answer(500, {}));
    await faulty.askFirst(i);
    await readiness(gateway.url);
  }
  const probes = () => upstream.requests.filter(({ target }) => target.endsWith('?limit=1')).length;
  expect(probes()).toBeLessThanOrEqual(1);
  clock.pass(5000);
  await readiness(gateway.url);
  expect(probes()).toBeLessThanOrEqual(2);
});

/** A gateway that forwards tokens, whose breaker has just opened, on a clock that stands until told. */
async function startWithOpenBreaker() {
  const clock = createClock();
  const faulty = await startFaultyGateway({ IMS_BREAKER_OPEN_MS: '5000' }, clock);
  const { upstream } = faulty;
  upstream.next(...Array.from({ length: 11 }, () => answer(500)));
  await faulty.askFirst(1);
  for (let i = 2; i <= 11; i += 1) {
    clock.pass(100);
    await faulty.askFirst(i);
  }
  const asked = upstream.requests.length;
  return {
    ...faulty,
    clock,
    /** How many probes and questions have been asked since. */
    asked: () => upstream.requests.length - asked,
    ready: () => readiness(faulty.gateway.url),
    [Symbol.asyncDispose]: () => faulty[Symbol.asyncDispose](),
  };
}

const tokenRefused = answer(401, { error_code: 'APIGW.0301', error_msg: 'Incorrect IAM authentication information' });

test('while the breaker is open upstream is down, whatever its API gateway would say of a token that nobody has', async () => {
  await using open = await startWithOpenBreaker();
  const { upstream, clock } = open;
  upstream.next(tokenRefused);
  expect(await open.ready()).toEqual(notReady('UPSTREAM_UNAVAILABLE'));
  clock.pass(4000);
  expect(await open.ready()).toEqual(notReady('UPSTREAM_UNAVAILABLE'));
  expect(open.asked()).toBe(0);
});

test('while a question decides it is down; it is up as soon as that is answered', async () => {
  await using open = await startWithOpenBreaker();
  const { upstream, clock } = open;
  const { promise: answered, resolve: release } = Promise.withResolvers<void>();
  upstream.next(
    (socket, target) => void answered.then(() => answer(200, { images: [{ id: 'image-1' }] })(socket, target)),
  );
  clock.pass(5000);
  const deciding = open.askFirst(20);
  await upstream.arrival(upstream.requests.length);
  clock.pass(14_000);
  expect(await open.ready()).toEqual(notReady('UPSTREAM_UNAVAILABLE'));
  release();
  await deciding;
  expect(await open.ready()).toEqual(ready);
  expect(open.asked()).toBe(1);
});

test('a question that decides, and fails, leaves it down', async () => {
  await using open = await startWithOpenBreaker();
  const { upstream, clock } = open;
  clock.pass(5000);
  upstream.next(answer(500));
  await open.askFirst(20);
  clock.pass(4999);
  expect(await open.ready()).toEqual(notReady('UPSTREAM_UNAVAILABLE'));
  expect(open.asked()).toBe(1);
});

test('where nobody asks any more, a probe decides when the breaker would let a question through', async () => {
  await using open = await startWithOpenBreaker();
  const { upstream, clock } = open;
  clock.pass(5000);
  await upstream.refuse();
  expect(await open.ready()).toEqual(notReady('UPSTREAM_UNAVAILABLE'));
  await upstream.listen();
  clock.pass(5000);
  upstream.next(tokenRefused);
  expect(await open.ready()).toEqual(ready);
  expect(open.asked()).toBe(1);

  // The next question decides; it fails, and the breaker is open again.
  upstream.next(answer(500));
  await open.askFirst(20);
  expect(await open.ready()).toEqual(notReady('UPSTREAM_UNAVAILABLE'));
  expect(open.asked()).toBe(2);
});

test('a question that was to decide, and whose client left, does not leave it down for good', async () => {
  await using open = await startWithOpenBreaker();
  const { upstream, clock } = open;
  clock.pass(5000);
  upstream.next(hang);
  const leaving = new AbortController();
  const left = open.askFirst(20, leaving.signal);
  const { closed } = await upstream.arrival(upstream.requests.length);
  leaving.abort();
  await Promise.allSettled([left, closed]);
  expect(await open.ready()).toEqual(notReady('UPSTREAM_UNAVAILABLE'));
  clock.pass(15_000);
  upstream.next(tokenRefused);
  expect(await open.ready()).toEqual(ready);
  expect(open.asked()).toBe(2);
});

test('over the embedded service it is ready', async () => {
  await using gateway = await startTestGateway({ env: { IMS_ENDPOINT: '' } });
  expect(await readiness(gateway.url)).toEqual(ready);
});
