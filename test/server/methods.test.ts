import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const ALLOW = 'GET, HEAD, OPTIONS, POST';
const query = '{ images(first: 2) { edges { node { id } } } }';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

test.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'] as const)(
  '%s is refused with what is allowed',
  async (method) => {
    const response = await request(gateway.url, { method: method as 'PUT' });
    expect(response).toMatchObject({ statusCode: 405, headers: { allow: ALLOW } });
    expect(await response.body.json()).toMatchObject({
      errors: [
        {
          message: `Expected one of the methods ${ALLOW}, but received ${method}.`,
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    });
  },
);

test('OPTIONS says what is allowed, with pages of other origins and without', async () => {
  await using open = await startTestGateway({ env: { IMS_ENDPOINT: '', CORS_ORIGINS: '*' } });
  for (const { url } of [gateway, open]) {
    const response = await request(url, { method: 'OPTIONS' });
    expect(response).toMatchObject({ statusCode: 204, headers: { allow: ALLOW } });
    expect(await response.body.text()).toBe('');
  }
});

test('HEAD is GET without the body', async () => {
  const url = `${gateway.url}?query=${encodeURIComponent(query)}`;
  const headers = { 'x-auth-token': 'demo', 'accept-encoding': 'identity' };
  const response = await request(url, { method: 'HEAD', headers });
  const get = await request(url, { headers });
  expect(response.statusCode).toBe(200);
  expect(await response.body.text()).toBe('');
  expect(response.headers['etag']).toBe(get.headers['etag']);
  expect(response.headers['content-type']).toBe(get.headers['content-type']);
  await get.body.dump();
  expect(gateway.takeRequests()).toHaveLength(1);

  const page = await request(gateway.url, { method: 'HEAD', headers: { accept: 'text/html' } });
  expect(page.headers['content-type']).toContain('text/html');
  expect(await page.body.text()).toBe('');
});
