import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { answer, hang } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { metric, page, renderedBy } from '../support/rendered.ts';

/** Asks until the answer would be a finished one if it were kept. */
async function askOften(gateway: TestGateway, query = page, headers = {}): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
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
      await faulty.askFirst(other);
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
    await askOften(gateway, `{ images(first: ${n}) { edges { node { raw } } } }`);
  }
  expect(await metric(gateway, 'gateway_rendered_bytes')).toBeLessThanOrEqual(4000);
  // The largest of them have no room at all.
  expect(await renderedBy(gateway)).toBeLessThan(20);
  expect(await renderedBy(gateway)).toBeGreaterThan(3);
});
