import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMetrics, MAX_OPERATIONS } from '../../src/telemetry/metrics.ts';
import { answer, hang } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { openConnection } from '../support/raw-connection.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

/** The value of every sample, by its name and labels as they stand in the text. */
async function scrape(url: string | null): Promise<Map<string, number>> {
  const text = await (await fetch(url ?? '', { headers: { connection: 'close' } })).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

const named = async (gateway: TestGateway, name: string) =>
  Object.fromEntries([...(await scrape(gateway.metricsUrl))].filter(([sample]) => sample.startsWith(name)));

test('requests are counted by operation and code, and timed', async () => {
  await using gateway = await startTestGateway();
  await gateway.ask('query Pick { images(first: 1) { edges { cursor } } }');
  await gateway.ask('query Pick { images(first: 1) { edges { cursor } } }');
  await gateway.ask('query Pick { images(first: 0) { edges { cursor } } }');
  await gateway.ask('{ __typename }');
  await gateway.ask('{ nothing }');
  expect(await named(gateway, 'gateway_requests_total')).toEqual({
    'gateway_requests_total{operation="Pick",code="OK"}': 2,
    'gateway_requests_total{operation="Pick",code="BAD_USER_INPUT"}': 1,
    'gateway_requests_total{operation="anonymous",code="OK"}': 1,
    'gateway_requests_total{operation="none",code="GRAPHQL_VALIDATION_FAILED"}': 1,
  });
  const seconds = await named(gateway, 'gateway_request_duration_seconds');
  expect(seconds['gateway_request_duration_seconds_count{operation="Pick"}']).toBe(3);
  expect(seconds['gateway_request_duration_seconds_bucket{le="20",operation="Pick"}']).toBe(3);
  expect(seconds['gateway_request_duration_seconds_sum{operation="Pick"}']).toBeGreaterThan(0);
});

test('what is no GraphQL request is not counted', async () => {
  await using gateway = await startTestGateway();
  await fetch(gateway.url, { headers: { accept: 'text/html', connection: 'close' } });
  await fetch(new URL('/health/live', gateway.url), { headers: { connection: 'close' } });
  expect(await named(gateway, 'gateway_requests_total')).toEqual({});
});

test('requests in flight are told while they are', async () => {
  await using faulty = await startFaultyGateway();
  faulty.upstream.next(hang);
  const controller = new AbortController();
  const asked = faulty.askFirst(1, controller.signal).catch(() => 'left');
  await faulty.upstream.arrival(0);
  expect(await named(faulty.gateway, 'gateway_requests_in_flight')).toEqual({ gateway_requests_in_flight: 1 });
  controller.abort();
  await asked;
  await faulty.upstream.requests[0]?.closed;
  expect(await named(faulty.gateway, 'gateway_requests_')).toMatchObject({
    gateway_requests_in_flight: 0,
    'gateway_requests_total{operation="anonymous",code="ABORTED"}': 1,
  });
});

const post = (first: number) => {
  const body = `{"query":"{ images(first: ${first}) { totalCount } }"}`;
  return `POST /graphql HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

test('requests that wait behind another one end with their connection', async () => {
  await using faulty = await startFaultyGateway();
  faulty.upstream.next(hang, hang);
  const connection = await openConnection(faulty.gateway.url);
  connection.socket.write(post(1) + post(2));
  const questions = await Promise.all([faulty.upstream.arrival(0), faulty.upstream.arrival(1)]);
  connection.socket.resetAndDestroy();
  await Promise.all(questions.map(({ closed }) => closed));
  expect(await named(faulty.gateway, 'gateway_requests_')).toMatchObject({
    gateway_requests_in_flight: 0,
    'gateway_requests_total{operation="anonymous",code="ABORTED"}': 2,
  });
});

test('upstream requests are timed by outcome', async () => {
  await using faulty = await startFaultyGateway();
  faulty.upstream.next(answer(403, {}));
  await faulty.askFirst(1);
  await faulty.askFirst(2);
  await faulty.askFirst(2);
  expect(await named(faulty.gateway, 'gateway_upstream_request_duration_seconds_count')).toEqual({
    'gateway_upstream_request_duration_seconds_count{outcome="FORBIDDEN"}': 1,
    'gateway_upstream_request_duration_seconds_count{outcome="ok"}': 1,
  });
});

test('the page cache tells how full it is', async () => {
  await using gateway = await startTestGateway();
  expect(await named(gateway, 'gateway_cache_pages')).toEqual({ gateway_cache_pages: 0 });
  await gateway.ask('{ a: images(first: 1) { edges { cursor } } b: images(first: 2) { edges { cursor } } }');
  const full = await named(gateway, 'gateway_cache_');
  expect(full['gateway_cache_pages']).toBe(2);
  expect(full['gateway_cache_bytes']).toBeGreaterThan(1000);
});

test('retries, the cache’s results, the breaker and token renewals are counted as events come', async () => {
  const metrics = createMetrics();
  const requestId = 'r';
  metrics.observe({ kind: 'retry', requestId, code: 'UPSTREAM_TIMEOUT', delayMs: 1 });
  metrics.observe({ kind: 'cache', requestId, result: 'fresh' });
  metrics.observe({ kind: 'cache', requestId, result: 'stale' });
  metrics.observe({ kind: 'token', outcome: 'renewed' });
  metrics.observe({ kind: 'token', outcome: 'UNAUTHENTICATED' });
  expect((await metrics.print()).split('\n')).toEqual(
    expect.arrayContaining([
      'gateway_upstream_breaker_state{state="closed"} 1',
      'gateway_upstream_breaker_state{state="open"} 0',
      'gateway_upstream_retries_total{code="UPSTREAM_TIMEOUT"} 1',
      'gateway_cache_results_total{result="fresh"} 1',
      'gateway_cache_results_total{result="stale"} 1',
      'gateway_token_renewals_total{outcome="renewed"} 1',
      'gateway_token_renewals_total{outcome="UNAUTHENTICATED"} 1',
    ]),
  );
  metrics.observe({ kind: 'breaker', state: 'open' });
  expect((await metrics.print()).split('\n')).toEqual(
    expect.arrayContaining([
      'gateway_upstream_breaker_state{state="closed"} 0',
      'gateway_upstream_breaker_state{state="open"} 1',
    ]),
  );
});

test('names that clients make up cannot fill the memory: past a hundred they are one', async () => {
  await using gateway = await startTestGateway();
  for (let i = 0; i < MAX_OPERATIONS + 20; i += 1) await gateway.ask(`query Q${i} { __typename }`);
  await gateway.ask(`query ${'L'.repeat(500)} { __typename }`);
  const counts = await named(gateway, 'gateway_requests_total');
  expect(Object.keys(counts)).toHaveLength(MAX_OPERATIONS + 1);
  expect(counts['gateway_requests_total{operation="other",code="OK"}']).toBe(21);
});

test('the process and the event loop are told of', async () => {
  await using gateway = await startTestGateway();
  const samples = await scrape(gateway.metricsUrl);
  for (const name of [
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
    'nodejs_heap_size_used_bytes',
  ]) {
    expect(samples.get(name)).toBeGreaterThan(0);
  }
});

test('metrics have a port of their own, or none', async () => {
  const headers = { connection: 'close' };
  await using apart = await startTestGateway({ env: { METRICS_PORT: '0' } });
  expect(new URL(apart.metricsUrl ?? '').port).not.toBe(new URL(apart.url).port);
  expect((await scrape(apart.metricsUrl)).size).toBeGreaterThan(10);
  expect((await fetch(new URL('/metrics', apart.url), { headers })).status).toBe(404);
  expect((await fetch(new URL('/graphql', apart.metricsUrl ?? ''), { headers })).status).toBe(404);

  await using off = await startTestGateway({ env: { METRICS: 'off' } });
  expect(off.metricsUrl).toBeNull();
  expect((await fetch(new URL('/metrics', off.url), { headers })).status).toBe(404);
});

test('no metric holds anything of a caller', async () => {
  await using faulty = await startFaultyGateway();
  await faulty.askFirst(1);
  const text = await (await fetch(faulty.gateway.metricsUrl ?? '', { headers: { connection: 'close' } })).text();
  expect(text).not.toContain(TOKEN.slice(0, 8));
});

test('the manual for operators lists exactly the metrics that there are', () => {
  const manual = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const rows = [...manual.matchAll(/^\| `((?:gateway|nodejs|process)_\w+)` \| (\w+) \|/gm)].map(([, name, type]) => [
    name,
    type,
  ]);
  const metrics = createMetrics()
    .list()
    .map(({ name, type }) => [name, type]);
  expect(rows.toSorted()).toEqual(metrics.toSorted());
});
