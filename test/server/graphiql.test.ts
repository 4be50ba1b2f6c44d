import { createHash } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function typeOf(accept: string): Promise<string> {
  const response = await request(gateway.url, { headers: { accept } });
  await response.body.dump();
  return String(response.headers['content-type']).split(';')[0] ?? '';
}

test.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', 'text/html'],
  ['text/html', 'text/html'],
  ['application/json;q=0.5, text/html', 'text/html'],
  ['application/json, text/html;q=0.1', 'application/json'],
  ['text/html;q=0, application/json', 'application/json'],
  ['*/*', 'application/json'],
  ['application/graphql-response+json, text/html;q=0.5', 'application/graphql-response+json'],
])('Accept: %s gets %s', async (accept, type) => {
  expect(await typeOf(accept)).toBe(type);
});

test('the page may run its own script only, and talk to nobody else', async () => {
  const response = await request(gateway.url, { headers: { accept: 'text/html' } });
  const html = await response.body.text();
  const script = /<script>(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  expect(response.headers).toMatchObject({
    'content-security-policy': [
      "default-src 'none'",
      `script-src 'sha256-${hash}'`,
      'worker-src blob:',
      "style-src 'unsafe-inline'",
      'img-src data:',
      'font-src data:',
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
});
