import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { answer, bytes, reset, startFaultServer } from '../support/fault-server.ts';
import { startProcess } from '../support/process.ts';

/** A text that stands nowhere else, and may be a GraphQL name. */
const secret = (place: string): string =>
  `s${createHash('sha256').update(place).digest('base64').replaceAll(/\W/g, '').slice(0, 39)}`;

const secrets = {
  authToken: secret('authtoken'),
  bearer: secret('bearer'),
  basic: secret('basic'),
  cookie: secret('cookie'),
  apiKey: secret('apikey'),
  variable: secret('variable'),
  literal: secret('literal'),
  filter: secret('filter'),
  cursor: secret('cursor'),
  body: secret('body'),
  urlQuery: secret('urlquery'),
  path: secret('path'),
  alias: secret('alias'),
  upstreamBody: secret('upstreambody'),
  upstreamHeader: secret('upstreamheader'),
} as const;

/** A secret as it is, and as others write it. */
const spellings = (text: string): string[] => [
  text,
  encodeURIComponent(text),
  Buffer.from(text).toString('hex'),
  // Of base64 the part that does not depend on what stands before.
  ...[0, 1, 2].map((shift) =>
    Buffer.from(`${'x'.repeat(shift)}${text}`)
      .toString('base64url')
      .slice(4, 40),
  ),
];

/** All parts of twelve characters. */
const parts = (text: string): string[] => Array.from({ length: text.length - 11 }, (_, i) => text.slice(i, i + 12));

const leaksIn = (output: string): string[] =>
  Object.entries(secrets)
    .filter(([, text]) =>
      spellings(text)
        .flatMap(parts)
        .some((part) => output.includes(part)),
    )
    .map(([place]) => place);

test('the search for leaks finds what is whole, in part, and encoded', () => {
  const { bearer } = secrets;
  for (const text of [bearer, `…${bearer.slice(9, 25)}…`, Buffer.from(`{"a":"${bearer}"}`).toString('base64')]) {
    expect(leaksIn(`{"msg":"${text}"}`)).toEqual(['bearer']);
  }
  expect(leaksIn('{"msg":"request answered"}')).toEqual([]);
});

/** Each number is another upstream query. */
const page = (n: number) =>
  `query Page($name: [String!]) { images(first: ${n}, filter: { name: $name }) { edges { node { id } } } }`;

test('whatever is asked and whatever goes wrong, nothing that the process prints holds a part of a credential, query or variable', async () => {
  await using upstream = await startFaultServer();
  const run = startProcess({
    PORT: '0',
    IMS_ENDPOINT: upstream.url,
    LOG_LEVEL: 'debug',
    RATE_LIMIT_PER_MINUTE: '1000',
    IMS_HEADERS_TIMEOUT_MS: '300',
    IMS_DEADLINE_MS: '500',
  });
  const url = await run.printed(/GraphiQL {2}(\S+)\n/);
  const headers = {
    'content-type': 'application/json',
    'x-auth-token': secrets.authToken,
    cookie: `session=${secrets.cookie}`,
    'x-api-key': secrets.apiKey,
  };
  const send = async (
    init: { method?: string; body?: string; headers?: Readonly<Record<string, string>> },
    target = url,
  ) => {
    const response = await fetch(target, { method: 'POST', ...init, headers: { ...headers, ...init.headers } });
    return response.text();
  };
  const ask = (query: string, variables: object = {}, more: Record<string, string> = {}) =>
    send({ body: JSON.stringify({ query, variables }), headers: more });
  const echo = `X-Auth-Token: ${secrets.authToken}, token=${secrets.upstreamBody}`;
  const answers = [
    answer(200, { images: [{ id: 'i', __image_size: secrets.upstreamBody }] }),
    answer(401, { error_code: 'APIGW.0301', error_msg: `decrypt token fail: ${echo}` }),
    answer(403, { error: { message: echo, code: 403 } }, { 'X-Request-Id': secrets.authToken }),
    answer(500, echo, { Server: secrets.upstreamHeader, 'Content-Type': 'text/html' }),
    answer(302, '', { Location: `http://127.0.0.1:1/?token=${secrets.upstreamHeader}` }),
    answer(200, `{"images": [${echo}`),
    bytes(`HTTP/1.1 200 ${secrets.upstreamHeader}\r\nBroken ${secrets.upstreamHeader}\r\n\r\n`),
    reset(),
    reset('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"images"'),
    answer(429, { error_msg: echo }, { 'Retry-After': '1' }),
    answer(503, echo),
  ];
  for (const [n, reaction] of answers.entries()) {
    upstream.next(reaction);
    await ask(page(n + 1), { name: secrets.variable });
  }
  await ask(`{ images(filter: { name: "${secrets.filter}" }) { edges { node { storage { sizeBytes } } } } }`);
  await ask(`{ images(after: "${secrets.cursor}") { edges { cursor } } }`);
  await ask(`{ image(id: "${secrets.literal}") { id } }`);
  await ask(`{ images(first: "${secrets.literal}") { edges { cursor } } }`);
  await ask(`{ x_${secrets.alias}: nothing }`);
  await ask(`{ images { ${secrets.literal} } }`);
  await ask(`query ($n: Int!) { images(first: $n) { edges { cursor } } }`, { n: secrets.variable });
  await ask(page(50), { name: { nested: secrets.variable } });
  await ask(page(51), {}, { 'x-auth-token': '', authorization: `Bearer ${secrets.bearer}` });
  await ask(page(52), {}, { 'x-auth-token': '', authorization: `Basic ${secrets.basic}` });
  await ask(page(53), {}, { 'x-auth-token': `a ${secrets.authToken}` });
  await ask(page(54), {}, { 'x-request-id': secrets.authToken });
  await send({ body: `{"query": "${secrets.body}` });
  await send({ body: secrets.body, headers: { 'content-type': `text/plain; ${secrets.body}` } });
  await send({ body: JSON.stringify({ query: `{ __typename } # ${secrets.body.repeat(5000)}` }) });
  await send({ method: 'GET' }, `${url}?query={nothing}&token=${secrets.urlQuery}`);
  await send({ method: 'GET' }, `${url}?query=${secrets.urlQuery}&variables=${secrets.urlQuery}`);
  await send({ method: 'GET', headers: { accept: 'text/html' } }, `${url}?token=${secrets.urlQuery}`);
  await send({ method: 'PUT', body: secrets.body });
  const { origin } = new URL(url);
  const metrics = await send({ method: 'GET' }, `${origin}/metrics?token=${secrets.urlQuery}`);
  const health = await send({ method: 'GET' }, `${origin}/health/ready?token=${secrets.urlQuery}`);
  await send({ method: 'GET' }, `${origin}/${secrets.path}`);
  await upstream.refuse();
  await ask(page(55), { name: secrets.variable });

  run.child.kill('SIGTERM');
  expect(await run.ended).toEqual([0, null]);
  const lines = run.said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ msg }) => msg === 'request answered').length).toBeGreaterThan(25);
  expect(lines.filter(({ msg }) => msg === 'upstream attempt').length).toBeGreaterThan(12);
  expect(new Set(lines.flatMap(({ codes }) => codes ?? []))).toContain('UPSTREAM_UNAVAILABLE');
  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(leaksIn(run.said)).toEqual([]);
  expect(leaksIn(metrics + health)).toEqual([]);
});
