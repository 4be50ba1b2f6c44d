import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { type ArrivedRequest, createEmbeddedIms } from '../../src/embedded/server.ts';
import { imagesOf, startEmbedded } from './harness.ts';

const path = '/v2/cloudimages';

test('a status fault answers in place of the API, with its body and headers', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'status', status: 429, body: { error_code: 'APIGW.0308' }, headers: { 'Retry-After': '1' } });
  const response = await get(path);
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.headers.get('x-request-id')).not.toBeNull();
  expect(await response.json()).toEqual({ error_code: 'APIGW.0308' });
});

test('a status fault without a body answers an empty one', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'status', status: 503 });
  const response = await get(path);
  expect([response.status, await response.text()]).toEqual([503, '']);
});

test('a fault meets as many requests as it says, then the API answers again', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'status', status: 500 }, { times: 2 });
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await get(path)).status);
  expect(statuses).toEqual([500, 500, 200]);
});

test('a fault meets only the requests it is meant for; faults are taken in the order they were added', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'status', status: 500 }, { when: (url) => url.includes('limit=1') });
  ims.faults.add({ kind: 'status', status: 503 });
  expect((await get(`${path}?limit=1`)).status).toBe(500);
  expect((await get(`${path}?limit=2`)).status).toBe(503);
  ims.faults.clear();
  expect((await get(`${path}?limit=1`)).status).toBe(200);
});

test('a delayed answer is the right one', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'delay', ms: 1 });
  expect(imagesOf(await (await get(`${path}?limit=3`)).json())).toHaveLength(3);
});

test.for([{ kind: 'hang' }, { kind: 'delay', ms: 3_600_000 }] as const)(
  'under $kind no answer comes, and closing ends the wait',
  async (fault) => {
    const { promise: arrived, resolve } = Promise.withResolvers<ArrivedRequest>();
    const { ims, get } = await startEmbedded({ onRequest: resolve });
    ims.faults.add(fault, { times: 1 });
    const outcome = get(path).then(
      () => 'answered',
      () => 'broken',
    );
    await arrived;
    expect((await get(path)).status).toBe(200);
    await ims.close();
    expect(await outcome).toBe('broken');
  },
);

test('a reset breaks the connection before any header', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'reset' }, { times: 1 });
  await expect(get(path)).rejects.toThrow();
  expect((await get(path)).status).toBe(200);
});

test('a reset within the body gives the headers, then breaks', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'reset-body' });
  const response = await get(path);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

test('a stalled body gives half of what the headers announce, and no end until closing', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'stall-body' });
  const response = await get(path);
  const announced = Number(response.headers.get('content-length'));
  const reader = response.body?.getReader();
  let received = 0;
  while (received < Math.floor(announced / 2)) received += (await reader?.read())?.value?.length ?? 0;
  expect(received).toBe(Math.floor(announced / 2));
  const rest = reader?.read().catch(() => 'broken');
  await ims.close();
  expect(await rest).toBe('broken');
});

test('a truncated answer ends properly but is not JSON', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'truncate' });
  const text = await (await get(path)).text();
  expect(text).toMatch(/^\{"images":\[/);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

test('a body fault answers 200 with any body', async () => {
  const { ims, get } = await startEmbedded();
  ims.faults.add({ kind: 'body', body: '<html>', contentType: 'text/html' }, { times: 1 });
  ims.faults.add({ kind: 'body', body: '{"images":7}' });
  const html = await get(path);
  expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([200, 'text/html', '<html>']);
  const wrong = await get(path);
  expect([wrong.headers.get('content-type'), await wrong.text()]).toEqual(['application/json', '{"images":7}']);
});

test('the observer is told of every request, with its token or without', async () => {
  const seen: ArrivedRequest[] = [];
  const { get } = await startEmbedded({ onRequest: (request) => seen.push(request) });
  await get(`${path}?name=a%20b`);
  await get('/elsewhere', null);
  expect(seen).toEqual([
    { url: `${path}?name=a%20b`, token: 'demo' },
    { url: '/elsewhere', token: null },
  ]);
});

test('mounted on another server it answers there, and closing it ends the answers it holds back', async () => {
  const { promise: arrived, resolve } = Promise.withResolvers<ArrivedRequest>();
  const ims = createEmbeddedIms({ wallNow: Date.now, onRequest: resolve });
  const server = createServer((request, response) => ims.handle(request, response));
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  ims.faults.add({ kind: 'hang' });
  const outcome = fetch(`http://127.0.0.1:${port}${path}`).catch(() => 'broken');
  await arrived;
  await ims.close();
  expect(await outcome).toBe('broken');
});

test('it serves the two paths of the list and no other', () => {
  const ims = createEmbeddedIms({ wallNow: Date.now });
  const asked = ['/v1/cloudimages/fuzzy', '/v2/cloudimages', '/v2/cloudimages/', '/v1/cloudimages', '/graphql', '/'];
  expect(asked.filter((one) => ims.serves(one))).toEqual(['/v1/cloudimages/fuzzy', '/v2/cloudimages']);
});

test('closing twice, or without having listened, is harmless', async () => {
  const ims = createEmbeddedIms({ wallNow: Date.now });
  await ims.close();
  await ims.listen();
  await ims.close();
  await ims.close();
});
