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

test('over the embedded service it is ready', async () => {
  await using gateway = await startTestGateway({ env: { IMS_ENDPOINT: '' } });
  expect(await readiness(gateway.url)).toEqual(ready);
});
