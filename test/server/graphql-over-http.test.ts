import { request } from 'node:http';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const audits = serverAudits({ url: () => gateway.url, fetchFn: fetch });

test('there are audits of all three levels', () => {
  const levels = audits.map(({ name }) => name.split(' ')[0]);
  expect(new Set(levels)).toEqual(new Set(['MUST', 'SHOULD', 'MAY']));
  expect(audits.length).toBeGreaterThan(55);
});

// From the second time on finished responses are sent where there are any.
describe.each(['first', 'second', 'third'])('GraphQL over HTTP, as graphql-http audits it for the %s time', () => {
  test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
  });
});

describe('bodies that a foreign page can send without asking are refused', () => {
  const body = JSON.stringify({ query: '{ __typename }' });
  test.each([
    ['text/plain', body],
    ['text/plain; x=application/json', body],
    ['application/x-www-form-urlencoded', 'query=%7B__typename%7D'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--',
    ],
    ['application/graphql', '{ __typename }'],
    ['', body],
  ])('%j', async (type, sent) => {
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
    const response = await fetch(gateway.url, { method: 'POST', headers, body: new Blob([sent]) });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] });
  });

  test('JSON in any spelling is not', async () => {
    const withMore = JSON.stringify({ query: '{ __typename }', extensions: {} });
    for (const type of [
      'application/json',
      'application/json;charset=UTF-8',
      'Application/JSON',
      'application/json ; x=y',
    ]) {
      for (const sent of [body, withMore]) {
        const response = await fetch(gateway.url, { method: 'POST', headers: { 'content-type': type }, body: sent });
        expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
      }
    }
  });
});

test('paths that serve nothing say where GraphQL is', async () => {
  const { origin } = new URL(gateway.url);
  const response = await fetch(`${origin}/grahpql`);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('GraphQL is at /graphql');
  expect((await fetch(`${origin}/`, { redirect: 'manual' })).headers.get('location')).toBe('/graphql');
  expect((await fetch(`${origin}/health/live`)).status).toBe(200);
});

test.each(['a b', '[::', 'a:99999999'])('a Host header of %j is refused in a word, not with a stack', async (host) => {
  const { hostname, port } = new URL(gateway.url);
  const response = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const asked = request({ hostname, port, path: '/graphql?query={__typename}', headers: { host } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    asked.on('error', reject).end();
  });
  expect(response).toEqual({ status: 400, text: 'Expected a host in the Host header.\n' });
});

test('GET works too', async () => {
  const url = `${gateway.url}?query=${encodeURIComponent('query ($n: Int) { images(first: $n) { edges { node { id } } } }')}`;
  const response = await fetch(`${url}&variables=${encodeURIComponent('{"n":2}')}`, {
    headers: { 'x-auth-token': 'demo' },
  });
  expect(await response.json()).toMatchObject({ data: { images: { edges: [{}, {}] } } });
});

test.each([
  ['variables', 'x'],
  ['variables', '[1]'],
  ['extensions', '"text"'],
])('a GET whose %s are %j is refused in a sentence', async (name, text) => {
  const search = new URLSearchParams({ query: '{ __typename }', [name]: text });
  const response = await fetch(`${gateway.url}?${search}`);
  expect(response.status).toBe(400);
  const message = `Query parameter "${name}": expected a JSON object, but received ${JSON.stringify(text)}.`;
  expect(await response.json()).toMatchObject({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
});
