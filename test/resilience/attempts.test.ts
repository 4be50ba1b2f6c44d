import { expect, test } from 'vitest';
import type { SourceEvent } from '../../src/image/events.ts';
import { answer, bytes, chunk, chunkedHead, hang, reset } from '../support/fault-server.ts';
import { firstPage, startFaultyGateway } from '../support/faulty-gateway.ts';
import { startTestGateway } from '../support/gateway.ts';

const window = (time: string) => ({
  error_code: 'APIGW.0308',
  error_msg: `The throttling threshold has been reached: policy user over ratelimit,limit:5,time:${time}`,
});

test.concurrent.for([
  ['a reset before the headers', reset()],
  ['a reset within the body', reset(chunkedHead(200) + chunk('{"images":['))],
  ['no headers in time', hang],
  ['a body that stops', bytes(chunkedHead(200) + chunk('{'))],
  ['500', answer(500)],
  ['502', answer(502)],
  ['503', answer(503)],
  ['504', answer(504)],
  ['429', answer(429)],
] as const)('%s is made good by a second upstream request', async ([, fault]) => {
  const env = { IMS_MAX_RETRIES: '2', IMS_HEADERS_TIMEOUT_MS: '300', IMS_BODY_TIMEOUT_MS: '300' };
  await using gateway = await startFaultyGateway(env);
  gateway.upstream.next(fault);
  expect(await gateway.askFirst()).toEqual(firstPage);
  expect(gateway.upstream.requests).toHaveLength(2);
});

test('a refused connection is made good once upstream listens again', async () => {
  const env = { IMS_MAX_RETRIES: '10', IMS_DEADLINE_MS: '60000' };
  const retried = Promise.withResolvers<void>();
  const observe = (event: SourceEvent) => void (event.kind === 'retry' && retried.resolve());
  await using gateway = await startFaultyGateway(env, { observe });
  await gateway.upstream.refuse();
  const asked = gateway.askFirst();
  await retried.promise;
  await gateway.upstream.listen();
  expect(await asked).toEqual(firstPage);
  expect(gateway.upstream.requests).toHaveLength(1);
});

test.concurrent.for([
  ['400', answer(400), 'UPSTREAM_BAD_REQUEST'],
  ['401', answer(401), 'UNAUTHENTICATED'],
  ['401 whose body breaks off', reset(chunkedHead(401) + chunk('{')), 'UNAUTHENTICATED'],
  ['403', answer(403), 'FORBIDDEN'],
  ['404', answer(404), 'UPSTREAM_NOT_FOUND'],
  ['408', answer(408), 'UPSTREAM_TIMEOUT'],
  ['501', answer(501), 'UPSTREAM_UNAVAILABLE'],
  ['an unusable body', answer(200, '<html>'), 'UPSTREAM_INVALID_RESPONSE'],
  ['a redirect', answer(302), 'UPSTREAM_INVALID_RESPONSE'],
] as const)('%s is told after one upstream request', async ([, fault, code]) => {
  await using gateway = await startFaultyGateway({ IMS_MAX_RETRIES: '2' });
  gateway.upstream.next(fault);
  expect((await gateway.askFirst()).errors).toMatchObject([{ extensions: { code } }]);
  expect(gateway.upstream.requests).toHaveLength(1);
});

test.concurrent.for([
  ['Retry-After in seconds', answer(503, '', { 'Retry-After': '1' })],
  [
    'Retry-After as a date',
    answer(503, '', { Date: 'Tue, 24 Nov 2026 08:00:00 GMT', 'Retry-After': 'Tue, 24 Nov 2026 08:00:01 GMT' }),
  ],
  ['a throttle window', answer(429, window('1 second'))],
] as const)('%s is waited for', async ([, fault]) => {
  await using gateway = await startFaultyGateway({ IMS_MAX_RETRIES: '1' });
  gateway.upstream.next(fault);
  const since = performance.now();
  expect(await gateway.askFirst()).toEqual(firstPage);
  expect(performance.now() - since).toBeGreaterThan(990);
  expect(gateway.upstream.requests).toHaveLength(2);
});

test.concurrent.for([
  ['Retry-After', answer(503, '', { 'Retry-After': '120' }), 'UPSTREAM_UNAVAILABLE', 120],
  [
    'Retry-After as a date without a Date',
    answer(503, '', { 'Retry-After': 'Tue, 24 Nov 2026 08:02:00 GMT' }),
    'UPSTREAM_UNAVAILABLE',
    120,
  ],
  ['a throttle window', answer(429, window('1 minute')), 'UPSTREAM_THROTTLED', 60],
] as const)('%s beyond the deadline is told at once, not waited for', async ([, fault, code, retryAfterSeconds]) => {
  await using gateway = await startFaultyGateway(
    { IMS_MAX_RETRIES: '2' },
    { wallNow: () => Date.UTC(2026, 10, 24, 8) },
  );
  gateway.upstream.next(fault);
  const since = performance.now();
  const { errors } = await gateway.askFirst();
  expect(errors).toMatchObject([{ extensions: { code, retryable: true, retryAfterSeconds } }]);
  expect(performance.now() - since).toBeLessThan(5000);
  expect(gateway.upstream.requests).toHaveLength(1);
});

test('attempts and pauses together end by the deadline', async () => {
  const env = { IMS_MAX_RETRIES: '10', IMS_DEADLINE_MS: '1500', IMS_HEADERS_TIMEOUT_MS: '300' };
  await using gateway = await startFaultyGateway(env);
  gateway.upstream.next(...Array.from({ length: 20 }, () => hang));
  const since = performance.now();
  const { errors } = await gateway.askFirst();
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  expect(performance.now() - since).toBeLessThan(4000);
  const asked = gateway.upstream.requests.length;
  expect(asked).toBeGreaterThan(1);
  expect(asked).toBeLessThan(6);
});

test('a client that leaves during a pause ends the question', async () => {
  const retried = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  await using gateway = await startFaultyGateway(
    { IMS_MAX_RETRIES: '2', IMS_DEADLINE_MS: '600000' },
    {
      observe: (event) => {
        if (event.kind === 'retry') retried.resolve();
        if (event.kind === 'cache') ended.resolve();
      },
    },
  );
  gateway.upstream.next(answer(503, '', { 'Retry-After': '300' }));
  const client = new AbortController();
  const asked = gateway.askFirst(1, client.signal);
  await retried.promise;
  client.abort();
  await expect(asked).rejects.toThrow('aborted');
  await ended.promise;
  expect(gateway.upstream.requests).toHaveLength(1);
});

test('a thousand requests over an upstream that is gone cost it at most a fifth more, and the reserve', async () => {
  await using gateway = await startTestGateway({ env: { IMS_BREAKER_OPEN_MS: '0', IMS_MAX_RETRIES: '5' } });
  gateway.ims.faults.add({ kind: 'status', status: 503 });
  const ask = (name: number) => gateway.ask(`{ images(filter: { name: "${name}" }) { edges { cursor } } }`);
  const codes = new Set<unknown>();
  for (let i = 0; i < 1000; i += 100) {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => ask(i + at)));
    for (const { errors } of answers) codes.add(errors?.[0]?.extensions?.code);
  }
  expect(codes).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
  const attempts = gateway.takeRequests().length;
  expect(attempts).toBeLessThanOrEqual(1210);
  expect(attempts).toBeGreaterThan(1100);
});

test('every attempt and retry is told as it ends', async () => {
  const events: SourceEvent[] = [];
  await using gateway = await startFaultyGateway(
    { IMS_MAX_RETRIES: '1' },
    { observe: (event) => void events.push(event) },
  );
  gateway.upstream.next(answer(503, '', { 'X-Request-Id': 'upstream-1' }));
  const response = await fetch(gateway.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': 'token-1', 'x-request-id': 'request-7' },
    body: JSON.stringify({ query: '{ images { edges { node { id } } } }' }),
  });
  expect(await response.json()).toMatchObject({ extensions: { upstream: { requests: 2 } } });
  const [requestId, code] = ['request-7', 'UPSTREAM_UNAVAILABLE'];
  const attempt = { kind: 'attempt', requestId, durationMs: expect.any(Number) };
  expect(events).toEqual([
    { ...attempt, outcome: code, status: 503, upstreamRequestId: 'upstream-1' },
    { kind: 'retry', requestId, code, delayMs: expect.any(Number) },
    { ...attempt, outcome: 'ok', status: 200, upstreamRequestId: null },
    { kind: 'cache', requestId, result: 'miss' },
  ]);
});

test('an attempt that is given up is told, with the reason where it was the deadline', async () => {
  const outcomes: unknown[] = [];
  const told = Promise.withResolvers<void>();
  await using gateway = await startFaultyGateway(
    { IMS_DEADLINE_MS: '1000' },
    {
      observe: (event) => {
        if (event.kind !== 'attempt') return;
        outcomes.push([event.outcome, event.status]);
        told.resolve();
      },
    },
  );
  gateway.upstream.next(hang, hang);
  const client = new AbortController();
  const asked = gateway.askFirst(1, client.signal);
  await gateway.upstream.arrival(0);
  client.abort();
  await expect(asked).rejects.toThrow('aborted');
  await told.promise;
  await gateway.askFirst(1);
  expect(outcomes).toEqual([
    ['aborted', null],
    ['UPSTREAM_TIMEOUT', null],
  ]);
});
