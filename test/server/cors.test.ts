import { request } from 'undici';
import { expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

const CONSOLE = 'https://console.example.com';
const ADMIN = 'https://admin.example.com';

const startWith = (origins: string) =>
  startTestGateway({ env: (endpoint) => ({ IMS_ENDPOINT: endpoint, CORS_ORIGINS: origins }) });

async function askFrom(url: string, origin: string, method: 'GET' | 'POST' | 'OPTIONS' = 'POST', more = {}) {
  const headers = { origin, 'content-type': 'application/json', 'x-auth-token': 'demo', ...more };
  const body = method === 'POST' ? '{"query":"{__typename}"}' : null;
  const response = await request(url, { method, headers, body });
  await response.body.dump();
  return { status: response.statusCode, headers: response.headers };
}

const allowedOrigin = 'access-control-allow-origin';

test('pages of other origins may not read answers unless they are configured', async () => {
  await using closed = await startTestGateway();
  expect((await askFrom(closed.url, CONSOLE)).headers).not.toHaveProperty(allowedOrigin);

  await using one = await startWith(CONSOLE);
  await using two = await startWith(`${CONSOLE}, ${ADMIN}`);
  for (const { url } of [one, two]) {
    expect((await askFrom(url, CONSOLE)).headers).toMatchObject({ [allowedOrigin]: CONSOLE });
    // `null` is the origin of every sandboxed frame, whoever put it up.
    for (const other of ['https://evil.example.com', 'null', `${CONSOLE}.evil.example`, 'http://console.example.com']) {
      const { status, headers } = await askFrom(url, other);
      expect(status).toBe(200);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  }
  expect((await askFrom(two.url, ADMIN)).headers).toMatchObject({ [allowedOrigin]: ADMIN });
});

test('with * every page may, but none with credentials', async () => {
  await using open = await startWith('*');
  const { headers } = await askFrom(open.url, 'https://anywhere.example');
  expect(headers).toMatchObject({ [allowedOrigin]: 'https://anywhere.example' });
  expect(headers).not.toHaveProperty('access-control-allow-credentials');
});

test('a page may read what it needs beside the body, also where nothing has changed', async () => {
  await using gateway = await startWith(CONSOLE);
  const exposed = 'x-request-id, retry-after, etag, age, warning';
  expect((await askFrom(gateway.url, CONSOLE)).headers).toMatchObject({ 'access-control-expose-headers': exposed });

  const unchanged = await askFrom(`${gateway.url}?query={__typename}`, CONSOLE, 'GET', { 'if-none-match': '*' });
  expect(unchanged).toMatchObject({ status: 304, headers: { [allowedOrigin]: CONSOLE } });
});

test('errors can be read too', async () => {
  await using gateway = await startWith(CONSOLE);
  for (const query of ['{', '{ nothing }', '']) {
    const url = `${gateway.url}?query=${encodeURIComponent(query)}`;
    expect((await askFrom(url, CONSOLE, 'GET')).headers).toMatchObject({ [allowedOrigin]: CONSOLE });
  }
});

test('a browser is told once in two hours which headers and methods it may send', async () => {
  await using gateway = await startWith(CONSOLE);
  const asked = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,traceparent,x-auth-token',
  };
  expect(await askFrom(gateway.url, CONSOLE, 'OPTIONS', asked)).toMatchObject({
    status: 204,
    headers: {
      [allowedOrigin]: CONSOLE,
      'access-control-allow-headers': 'content-type,traceparent,x-auth-token',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-max-age': '7200',
    },
  });
  const stranger = await askFrom(gateway.url, 'https://evil.example.com', 'OPTIONS', asked);
  expect(Object.keys(stranger.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test('an answer without a page behind it says too that it depends on the page', async () => {
  await using gateway = await startWith(CONSOLE);
  const response = await request(`${gateway.url}?query={__typename}`);
  await response.body.dump();
  expect(response.headers['vary']).toContain('Origin');
});
