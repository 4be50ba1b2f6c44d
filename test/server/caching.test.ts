import { createServer } from 'node:http';
import { once } from 'node:events';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { answer } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Asked, createSharedCache } from '../support/shared-cache.ts';

const own = '{ images(first: 5, filter: { type: PRIVATE }) { edges { node { id owner } } } }';
const PRIVATE = 'private, no-cache';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: (endpoint) => ({ IMS_ENDPOINT: endpoint, GRAPHIQL: 'on' }) });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const urlOf = (query: string): string => `${gateway.url}?query=${encodeURIComponent(query)}`;

type Headers = Readonly<Record<string, string>>;

async function get(url: string, headers: Headers = {}, method: 'GET' | 'HEAD' = 'GET') {
  const response = await request(url, { method, headers: { 'x-auth-token': 'demo', ...headers } });
  return { status: response.statusCode, headers: response.headers, body: await response.body.text() };
}

describe('a GET can be asked again for nothing', () => {
  test('the second time it is 304 without a body, for the tag alone, in a list, or for any tag', async () => {
    const first = await get(urlOf(own));
    expect(first).toMatchObject({ status: 200, headers: { 'cache-control': PRIVATE } });
    const etag = String(first.headers['etag']);
    expect(etag).toMatch(/^W\/"[\w-]{27}"$/);
    gateway.takeRequests();

    for (const tags of [etag, etag.slice(2), `"a,b", ${etag}`, `W/"x",${etag},"y"`, '*']) {
      const again = await get(urlOf(own), { 'if-none-match': tags });
      expect(again).toMatchObject({ status: 304, body: '', headers: { etag, 'cache-control': PRIVATE } });
      expect(again.headers['content-type']).toBeUndefined();
    }
    for (const tags of ['"x"', etag.slice(0, -2), `${etag.slice(0, -2)}"`, '', 'x', 'W/']) {
      expect((await get(urlOf(own), { 'if-none-match': tags })).status).toBe(200);
    }
    expect(gateway.takeRequests()).toEqual([]);
  });

  test('the tag stays though the answer tells that it cost nothing this time', async () => {
    const query = '{ images(first: 4) { edges { node { id } } } }';
    const [first, second] = [await get(urlOf(query)), await get(urlOf(query))];
    expect(JSON.parse(first.body).extensions.upstream.requests).toBe(1);
    expect(JSON.parse(second.body).extensions.upstream.requests).toBe(0);
    expect(second.headers['etag']).toBe(first.headers['etag']);
  });

  test('another caller, another media type and other data have other tags', async () => {
    const tags = [
      await get(urlOf(own)),
      await get(urlOf(own), { 'x-auth-token': 'demo-b' }),
      await get(urlOf(own), { accept: 'application/graphql-response+json' }),
      await get(urlOf(own.replace('5', '4'))),
    ].map(({ headers }) => headers['etag']);
    expect(new Set(tags).size).toBe(4);
  });

  test('one tag stands for every content coding', async () => {
    const whole = urlOf('{ images(first: 50) { edges { node { id name } } } }');
    const plain = await get(whole);
    const zipped = await get(whole, { 'accept-encoding': 'gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers['etag']).toBe(plain.headers['etag']);
    const etag = String(plain.headers['etag']);
    expect((await get(whole, { 'accept-encoding': 'gzip', 'if-none-match': etag })).status).toBe(304);
  });

  test('HEAD says the same as GET', async () => {
    const { headers } = await get(urlOf(own));
    expect(await get(urlOf(own), {}, 'HEAD')).toMatchObject({
      status: 200,
      body: '',
      headers: { etag: headers['etag'] },
    });
    const asked = { 'if-none-match': String(headers['etag']) };
    expect((await get(urlOf(own), asked, 'HEAD')).status).toBe(304);
  });
});

const expectNoStore = ({ headers }: { readonly headers: object }) => {
  expect(headers).toMatchObject({ 'cache-control': 'no-store' });
  expect(headers).not.toHaveProperty('etag');
};

describe('no cache may keep', () => {
  test.each([
    ['what cannot be parsed', '{'],
    ['what the schema lacks', '{ nothing }'],
    ['what cannot be answered', '{ images(first: 0) { edges { cursor } } }'],
  ])('%s', async (_what, query) => {
    expectNoStore(await get(urlOf(query)));
    expectNoStore(await get(urlOf(query), { 'if-none-match': '*' }));
  });

  test('answers to strangers', async () => {
    expectNoStore(await get(urlOf(own), { 'x-auth-token': 'who' }));
    expectNoStore(await get(urlOf(own), { 'x-auth-token': '' }));
    expectNoStore(await get(urlOf(own), { 'x-auth-token': 'demo-forbidden' }));
  });

  test('an answer of which a part failed', async () => {
    await using faulty = await startFaultyGateway();
    const query = '{ image(id: "image-1") { id requirements { minDiskGiB } } }';
    faulty.upstream.next(answer(200, { images: [{ id: 'image-1', min_disk: 'x' }] }));
    const partial = await get(`${faulty.gateway.url}?query=${encodeURIComponent(query)}`, { 'x-auth-token': TOKEN });
    expect(JSON.parse(partial.body)).toMatchObject({ data: { image: { id: 'image-1' } }, errors: [{}] });
    expectNoStore(partial);
  });

  test('an answer that is stale, as it would go on saying so', async () => {
    let nowMs = 1;
    const env = { CACHE_FRESH_MS: '1000', CACHE_STALE_IF_ERROR_MS: '60000', CACHE_REVALIDATE_MS: '0' };
    await using faulty = await startFaultyGateway(env, { now: () => nowMs });
    const url = `${faulty.gateway.url}?query=${encodeURIComponent('{ images(first: 1) { edges { cursor } } }')}`;
    const fresh = await get(url, { 'x-auth-token': TOKEN });
    expect(fresh.headers).toMatchObject({ 'cache-control': PRIVATE });

    nowMs += 5000;
    faulty.upstream.next(answer(503));
    const asked = { 'x-auth-token': TOKEN, 'if-none-match': String(fresh.headers['etag']) };
    const stale = await get(url, asked);
    expect(JSON.parse(stale.body)).toMatchObject({ extensions: { stale: { ageSeconds: 5 } } });
    expect(stale).toMatchObject({ status: 200, headers: { age: '5' } });
    expectNoStore(stale);

    expect((await get(url, asked)).status).toBe(304);
    expect(faulty.upstream.requests).toHaveLength(3);
  });

  test('an answer that is not complete, as it would go on saying so', async () => {
    const catalogue = generateCatalogue({ seed: 5, size: 3000 });
    await using small = await startTestGateway({ catalogue, env: { SCAN_MAX_WINDOWS: '1' } });
    const incomplete = await get(`${small.url}?query=${encodeURIComponent('{ images(first: 1) { totalCount } }')}`);
    const { data, errors, extensions } = JSON.parse(incomplete.body);
    expect([data, errors]).toEqual([{ images: { totalCount: null } }, undefined]);
    expect(extensions.upstream.incomplete).toHaveLength(1);
    expectNoStore(incomplete);
  });

  test('answers to POST', async () => {
    const headers = { 'content-type': 'application/json', 'x-auth-token': 'demo', 'if-none-match': '*' };
    const body = JSON.stringify({ query: own });
    const response = await request(gateway.url, { method: 'POST', headers, body });
    expect(response.statusCode).toBe(200);
    expectNoStore(response);
    await response.body.dump();
  });

  test.each(['text/event-stream', 'multipart/mixed'])('an answer as %s', async (accept) => {
    expectNoStore(await get(urlOf(own), { accept, 'if-none-match': '*' }));
  });

  test('what is not there', async () => {
    expectNoStore(await get(new URL('/nowhere', gateway.url).href));
    expectNoStore(await get(new URL('/', gateway.url).href));
  });

  test('what the image service on the same port says', async () => {
    await using embedded = await startTestGateway({ env: { IMS_ENDPOINT: '' } });
    expectNoStore(await get(new URL('/v1/cloudimages/fuzzy?limit=1', embedded.url).href));
  });
});

test('every answer says what it depends on', async () => {
  const vary = 'Accept, Accept-Encoding, Authorization, Origin, X-Auth-Token';
  for (const headers of [
    {},
    { 'if-none-match': '*' },
    { accept: 'text/html' },
    { 'x-auth-token': 'who' },
    { 'accept-encoding': 'br' },
    { origin: 'https://console.example.com' },
  ]) {
    expect((await get(urlOf(own), headers)).headers).toMatchObject({ vary });
  }
});

test('a browser may keep the page of GraphiQL, and asks whether it is the newest', async () => {
  const html = { accept: 'text/html' };
  const page = await get(gateway.url, html);
  expect(page).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } });
  const etag = String(page.headers['etag']);
  expect(await get(gateway.url, { ...html, 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
});

/** An answer without what is new in each: its date, its request's id, and what it cost this time. */
const essence = ({ status, body }: { readonly status: number; readonly body: string }) => ({
  status,
  body: body.replace(/"requestId":"[^"]*"/g, '').replace(/"upstream":\{"requests":\d+/g, ''),
});

describe('a shared cache in front of callers', () => {
  const callers: readonly Headers[] = [
    { 'x-auth-token': 'demo' },
    { 'x-auth-token': 'demo-b' },
    { authorization: 'Bearer demo' },
    { authorization: 'Bearer demo-b' },
    { 'x-auth-token': 'demo-forbidden' },
    { 'x-auth-token': 'nobody' },
    {},
  ];
  const variations: readonly Headers[] = [
    {},
    { accept: 'application/graphql-response+json' },
    { accept: 'text/event-stream' },
    { 'accept-encoding': 'gzip' },
    { origin: 'https://console.example.com' },
    { 'cache-control': 'max-stale', pragma: 'cache' },
  ];
  const everybodys = '{ images(first: 5, filter: { type: PUBLIC }) { edges { node { id name } } } }';
  const questions = [
    own,
    everybodys,
    '{ images(first: 0) { edges { cursor } } }',
    '{ nothing }',
    '{ __typename }',
    own,
  ];

  test.each(['off', 'on'])(
    'gives each caller what the gateway gives that caller, and keeps nothing (CACHE_SHARE_PUBLIC=%s)',
    async (sharing) => {
      await using origin = await startTestGateway({
        env: (endpoint) => ({ IMS_ENDPOINT: endpoint, CACHE_SHARE_PUBLIC: sharing }),
      });
      const cache = createSharedCache();
      for (const query of questions) {
        for (const variation of variations) {
          for (const caller of callers) {
            const url = `${origin.url}?query=${encodeURIComponent(query)}`;
            const asked: Asked = { url, headers: { ...variation, ...caller } };
            const direct = await createSharedCache().ask(asked);
            for (const method of ['GET', 'HEAD', 'GET'] as const) {
              const through = await cache.ask({ ...asked, method });
              expect(through.fromCache).toBe(false);
              expect(essence(through)).toEqual(
                method === 'HEAD' ? { status: direct.status, body: '' } : essence(direct),
              );
            }
          }
        }
      }
      expect(cache.size).toBe(0);
    },
  );

  test('a POST leaves nothing behind that a GET would find', async () => {
    const cache = createSharedCache();
    const headers = { 'content-type': 'application/json', 'x-auth-token': 'demo' };
    await cache.ask({ url: urlOf(own), method: 'POST', headers, body: JSON.stringify({ query: own }) });
    expect(cache.size).toBe(0);
  });

  test('never gives a page to who wants an answer, nor an answer to who wants the page', async () => {
    const cache = createSharedCache();
    const [html, json] = [{ accept: 'text/html' }, { accept: 'application/json' }];
    expect((await cache.ask({ url: gateway.url, headers: html })).body).toContain('<!doctype html>');
    expect(cache.size).toBe(1);
    const answered = await cache.ask({ url: gateway.url, headers: json });
    expect(answered.fromCache).toBe(false);
    expect(JSON.parse(answered.body)).toMatchObject({ errors: [{ message: 'Must provide query string.' }] });
    expect(await cache.ask({ url: gateway.url, headers: html })).toMatchObject({ status: 200, fromCache: true });
  });

  test('and it would leak, if an origin let it', async () => {
    const careless = createServer(({ headers }, response) => {
      response.writeHead(200, { vary: 'accept' }).end(`for ${String(headers['x-auth-token'])}`);
    }).listen(0, '127.0.0.1');
    await once(careless, 'listening');
    const address = careless.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
    const cache = createSharedCache();
    await cache.ask({ url, headers: { 'x-auth-token': 'demo' } });
    expect(await cache.ask({ url, headers: { 'x-auth-token': 'demo-b' } })).toMatchObject({
      body: 'for demo',
      fromCache: true,
    });
    careless.close();
    careless.closeAllConnections();
  });
});
