import { expect, test } from 'vitest';
import { createRateLimit } from '../../src/server/rate-limit.ts';
import { TOKEN } from '../support/faulty-gateway.ts';
import { startTestGateway } from '../support/gateway.ts';

const post = (url: string, token: string | null, body = '{"query":"{ images(first: 1) { edges { cursor } } }"}') =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(token === null ? {} : { 'x-auth-token': token }),
    },
    body,
  });

const limited = { env: { RATE_LIMIT_PER_MINUTE: '3' } };

test('who has asked too often gets 429, and when to ask again, and costs nobody anything', async () => {
  await using gateway = await startTestGateway(limited);
  for (let i = 0; i < 3; i += 1) expect((await post(gateway.url, 'demo')).status).toBe(200);
  gateway.takeRequests();

  const refused = await post(gateway.url, 'demo');
  expect(refused.status).toBe(429);
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(20);
  expect(await refused.json()).toMatchObject({
    errors: [
      {
        message: `Expected at most 3 requests a minute; ask again in ${seconds} s.`,
        extensions: { code: 'RATE_LIMITED', retryable: true, requestId: refused.headers.get('x-request-id') },
      },
    ],
  });
  expect(gateway.takeRequests()).toEqual([]);
  expect(gateway.log.at(-1)).toMatchObject({ msg: 'request answered', status: 429, codes: ['RATE_LIMITED'] });
});

test('each caller has an allowance of its own; those without a token share that of their address', async () => {
  await using gateway = await startTestGateway(limited);
  const statuses = async (token: string | null) =>
    (await Promise.all(Array.from({ length: 4 }, () => post(gateway.url, token))))
      .map(({ status }) => status)
      .toSorted();
  expect(await statuses('demo')).toEqual([200, 200, 200, 429]);
  expect(await statuses('demo-b')).toEqual([200, 200, 200, 429]);
  expect(await statuses(null)).toEqual([200, 200, 200, 429]);
});

test('where the gateway asks with its own credentials, a made-up token is no caller of its own', async () => {
  await using gateway = await startTestGateway({ env: { RATE_LIMIT_PER_MINUTE: '3', IMS_AUTH_TOKEN: TOKEN } });
  const statuses: number[] = [];
  for (const token of ['a', 'b', 'c', 'd']) statuses.push((await post(gateway.url, token)).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
});

test('what cannot be read counts as well; health, metrics and GraphiQL do not', async () => {
  await using gateway = await startTestGateway(limited);
  for (let i = 0; i < 3; i += 1) await post(gateway.url, 'demo', 'no JSON');
  expect((await post(gateway.url, 'demo')).status).toBe(429);
  const headers = { accept: 'text/html', 'x-auth-token': 'demo', connection: 'close' };
  expect((await fetch(gateway.url, { headers })).status).toBe(200);
  expect((await fetch(new URL('/health/live', gateway.url), { headers })).status).toBe(200);
});

test('by default there is no limit', async () => {
  await using gateway = await startTestGateway();
  const answers = await Promise.all(Array.from({ length: 100 }, () => post(gateway.url, 'demo')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

test('any number of made-up callers takes a bounded amount of memory', () => {
  const limit = createRateLimit(1);
  expect(limit.take('first')).toBe(0);
  expect(limit.take('first')).toBeGreaterThan(0);
  for (let i = 0; i < 100_000; i += 1) limit.take(`made up ${i}`);
  expect(limit.callers()).toBeLessThanOrEqual(20_000);
  expect(limit.take('first')).toBe(0);
});
