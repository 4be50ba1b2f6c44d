import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MIN_COMPRESSED_BYTES } from '../../src/server/plugins/use-compression.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const large = '{ images(first: 50) { edges { node { id name createdAt os { platform version } } } } }';
const small = '{ __typename }';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function post(query: string, acceptEncoding?: string, url = gateway.url) {
  const response = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-auth-token': 'demo',
      ...(acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }),
    },
    body: JSON.stringify({ query }),
  });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-length']).toBe(String(bytes.byteLength));
  expect(response.headers['vary']).toContain('Accept-Encoding');
  return { coding: response.headers['content-encoding'] ?? null, bytes };
}

const decode = { br: promisify(brotliDecompress), gzip: promisify(gunzip), deflate: promisify(inflate) };

test.each(['br', 'gzip', 'deflate'] as const)('%s: the same answer in fewer bytes', async (coding) => {
  await post(large);
  const plain = await post(large);
  const packed = await post(large, coding);
  expect(packed.coding).toBe(coding);
  expect(packed.bytes.byteLength).toBeLessThan(plain.bytes.byteLength / 2);
  expect(JSON.parse(String(await decode[coding](packed.bytes)))).toEqual(JSON.parse(String(plain.bytes)));
});

describe('the client decides', () => {
  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['deflate', 'deflate'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip;q=0, *', 'deflate'],
    ['*', 'br'],
    ['GZIP', 'gzip'],
    ['identity', null],
    ['identity;q=1, gzip;q=0.5', null],
    ['gzip;q=0', null],
    ['*;q=0', null],
    ['zstd, compress', null],
    ['', null],
    [';;,=', null],
    [undefined, null],
  ])('Accept-Encoding: %s', async (acceptEncoding, coding) => {
    expect((await post(large, acceptEncoding)).coding).toBe(coding);
  });
});

test('a small answer is sent as it is', async () => {
  const { coding, bytes } = await post(small, 'br, gzip');
  expect(coding).toBeNull();
  expect(bytes.byteLength).toBeLessThan(MIN_COMPRESSED_BYTES);
});

test('an error is compressed like any answer', async () => {
  const query = `{ ${Array.from({ length: 40 }, (_, i) => `unknown${i}`).join(' ')} }`;
  const { coding, bytes } = await post(query, 'gzip');
  expect(coding).toBe('gzip');
  expect(JSON.parse(String(await decode.gzip(bytes))).errors).toHaveLength(40);
});

test('a stream is left alone', async () => {
  const url = `${gateway.url}?query=${encodeURIComponent(large)}`;
  for (const accept of ['text/event-stream', 'multipart/mixed']) {
    const headers = { 'x-auth-token': 'demo', accept, 'accept-encoding': 'gzip' };
    const response = await request(url, { headers });
    expect(response.headers['content-encoding'] ?? 'none').toBe('none');
    expect(await response.body.text()).toContain('"images"');
  }
});

test('it can be left to a proxy', async () => {
  await using plain = await startTestGateway({ env: (endpoint) => ({ IMS_ENDPOINT: endpoint, COMPRESSION: 'off' }) });
  expect((await post(large, 'gzip', plain.url)).coding).toBeNull();
});

test.each(['br', 'gzip', null] as const)('the page of GraphiQL comes as %s', async (coding) => {
  const acceptEncoding = coding === null ? {} : { 'accept-encoding': `deflate, ${coding}` };
  const response = await request(gateway.url, { headers: { accept: 'text/html', ...acceptEncoding } });
  expect(response.headers['content-encoding'] ?? null).toBe(coding);
  const bytes = Buffer.from(await response.body.arrayBuffer());
  const html = String(coding === null ? bytes : await decode[coding](bytes));
  expect(html).toContain('<title>IMS image gateway</title>');
  expect(html.trimEnd().endsWith('</html>')).toBe(true);
});
