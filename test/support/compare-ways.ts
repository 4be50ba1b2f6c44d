import { expect } from 'vitest';
import type { TestGateway } from './gateway.ts';

type Body = string | Uint8Array<ArrayBuffer>;
type Headers = Readonly<Record<string, string>>;

/** An answer without what differs from request to request. A target with a query is always yoga's. */
export async function answerBy({ url }: TestGateway, path: '' | '?by=yoga', body: Body, headers: Headers = {}) {
  const response = await fetch(url + path, {
    method: 'POST',
    body,
    headers: { 'x-auth-token': 'demo', 'content-type': 'application/json', ...headers, 'x-request-id': 'the-same' },
  });
  const { date: _, ...others } = Object.fromEntries(response.headers);
  return { status: response.status, headers: others, text: await response.text() };
}

/** Expects that the answer is what yoga answers: status, headers and bytes; and gives it. */
export async function compareWays(gateway: TestGateway, body: Body, headers: Headers = {}) {
  // Once before, so that both find the same pages in the cache.
  await answerBy(gateway, '?by=yoga', body, headers);
  const expected = await answerBy(gateway, '?by=yoga', body, headers);
  gateway.takeRequests();
  const received = await answerBy(gateway, '', body, headers);
  expect(received, String(body)).toEqual(expected);
  return expected;
}
