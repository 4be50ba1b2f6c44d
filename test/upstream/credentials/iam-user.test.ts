import { expect, test } from 'vitest';
import { type ErrorCode, errorKinds } from '../../../src/image/errors.ts';
import type { SourceEvent } from '../../../src/image/events.ts';
import { toImageQuery } from '../../../src/image/query-string.ts';
import { createAuthentication } from '../../../src/upstream/create-authentication.ts';
import { type CloudRequest, gatewayAnswer, hold, pageAnswer, startCloud, tokenAnswer } from '../../support/cloud.ts';
import { onePage, startCloudedGateway } from '../../support/clouded-gateway.ts';
import { hang, startFaultServer } from '../../support/fault-server.ts';
import { pageOf } from '../../support/recorded-source.ts';

const user = {
  IAM_DOMAIN_NAME: 'Acme',
  IAM_USER_NAME: 'gate',
  IAM_USER_PASSWORD: 'pass9',
  IAM_PROJECT_NAME: 'eu-de',
};
const start = (more: Readonly<Record<string, string>> = {}) =>
  startCloudedGateway((url) => ({ ...user, IAM_ENDPOINT: url, ...more }));

const HOURS = 3_600_000;
const noToken = 'The gateway could not get a token for its IAM user from the identity service.';
const userRefused = "The identity service refused the gateway's IAM user.";
const mustBeUpdated = gatewayAnswer(401, 'APIGW.0307', 'The token must be updated');
const wrongPassword = (request: CloudRequest) =>
  request.answer(401, { error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' } });
const tokensOf = (lists: readonly CloudRequest[]) => lists.map(({ headers }) => headers['x-auth-token']);

test('one token, of the project, is fetched for any number of first requests, and goes upstream instead of the caller’s', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  expect(await gateway.askMany(50)).toEqual(Array.from({ length: 50 }, () => onePage));
  expect(new Set(tokensOf(cloud.lists))).toEqual(new Set(['token-1']));
  expect(cloud.lists).toHaveLength(50);

  expect(cloud.tokens).toHaveLength(1);
  expect(cloud.tokens[0]).toMatchObject({ method: 'POST', path: '/v3/auth/tokens?nocatalog=true' });
  expect(JSON.parse(cloud.tokens[0]?.body ?? '')).toEqual({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'gate', password: 'pass9', domain: { name: 'Acme' } } },
      },
      scope: { project: { name: 'eu-de' } },
    },
  });
});

test('a project can be named by its id', async () => {
  await using gateway = await startCloudedGateway((url) => {
    const { IAM_PROJECT_NAME: _, ...others } = user;
    return { ...others, IAM_ENDPOINT: url, IMS_PROJECT_ID: 'project-1' };
  });
  await gateway.ask('a');
  expect(JSON.parse(gateway.cloud.tokens[0]?.body ?? '').auth.scope).toEqual({ project: { id: 'project-1' } });
});

test('from half of its life on a token is renewed while the old one serves; nobody waits', async () => {
  await using gateway = await start();
  const { cloud, clock } = gateway;
  await gateway.ask('a');
  clock.ms += 12 * HOURS - 1;
  await gateway.ask('b');
  expect(cloud.tokens).toHaveLength(1);

  cloud.onToken(hold);
  clock.ms += 11 * HOURS;
  expect(await gateway.askMany(20)).toEqual(Array.from({ length: 20 }, () => onePage));
  await cloud.tokensArrived(2);
  expect(new Set(tokensOf(cloud.lists))).toEqual(new Set(['token-1']));

  // The old one has ended: who asks now joins the renewal that is on its way.
  clock.ms += 1 + HOURS;
  const waiting = gateway.askMany(20, 'waiting');
  for (const request of cloud.tokens.slice(1)) tokenAnswer(request, 'token-2');
  expect(await waiting).toEqual(Array.from({ length: 20 }, () => onePage));
  expect(cloud.tokens).toHaveLength(2);
  expect(new Set(tokensOf(cloud.lists.slice(22)))).toEqual(new Set(['token-2']));
});

test('a renewal that nobody waits for may fail: the old token serves, and IAM is asked again after half a minute', async () => {
  await using gateway = await start();
  const { cloud, clock } = gateway;
  await gateway.ask('a');
  cloud.onToken((request) => request.answer(503, ''));
  clock.ms += 12 * HOURS;
  for (const name of ['b', 'c', 'd']) expect(await gateway.ask(name)).toEqual(onePage);
  await cloud.tokensArrived(2);
  for (const name of ['e', 'f', 'g']) expect(await gateway.ask(name)).toEqual(onePage);
  expect(cloud.tokens).toHaveLength(2);

  cloud.onToken((request) => tokenAnswer(request, 'token-2'));
  clock.ms += 30_000;
  await gateway.ask('h');
  await cloud.tokensArrived(3);
  expect(gateway.logged).toEqual([]);
});

test('after a day without requests the next one waits for a new token', async () => {
  await using gateway = await start();
  await gateway.ask('a');
  gateway.clock.ms += 24 * HOURS;
  expect(await gateway.ask('b')).toEqual(onePage);
  expect(tokensOf(gateway.cloud.lists)).toEqual(['token-1', 'token-2']);
});

test.for(['APIGW.0307', 'APIG.0307'])(
  'a token that upstream calls outdated (%s) is renewed once for all who had it, and each asks once more',
  async (code) => {
    await using gateway = await start();
    const { cloud } = gateway;
    await gateway.ask('a');
    cloud.onList((request) =>
      request.headers['x-auth-token'] === 'token-1'
        ? gatewayAnswer(401, code, 'The token must be updated')(request)
        : pageAnswer(request),
    );
    expect(await gateway.askMany(20)).toEqual(Array.from({ length: 20 }, () => onePage));
    expect(cloud.tokens).toHaveLength(2);
    // Some had asked with the old one, some asked with the new one at once.
    expect(tokensOf(cloud.lists).filter((token) => token === 'token-2')).toHaveLength(20);
    expect(cloud.lists.length).toBeLessThanOrEqual(1 + 2 * 20);
  },
);

test('an upstream that calls every token outdated gets two requests for the first question, and IAM is left alone after', async () => {
  await using gateway = await start();
  const { cloud, clock } = gateway;
  cloud.onList(mustBeUpdated);
  for (const name of ['a', 'b', 'c']) {
    expect(await gateway.ask(name)).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'UNAUTHENTICATED', upstream: { status: 401, code: 'APIGW.0307' } } }],
    });
  }
  expect(cloud.tokens).toHaveLength(2);
  expect(cloud.lists).toHaveLength(4);

  clock.ms += 60_000;
  cloud.onList((request) =>
    request.headers['x-auth-token'] === 'token-3' ? pageAnswer(request) : mustBeUpdated(request),
  );
  expect(await gateway.ask('d')).toEqual(onePage);
  expect(cloud.tokens).toHaveLength(3);
});

test('a token that upstream does not know is not asked with again, and the request is not repeated', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  await gateway.ask('a');
  cloud.onList((request) =>
    request.headers['x-auth-token'] === 'token-1'
      ? gatewayAnswer(401, 'APIGW.0301', 'decrypt token fail')(request)
      : pageAnswer(request),
  );
  expect(await gateway.ask('b')).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(await gateway.ask('c')).toEqual(onePage);
  expect(tokensOf(cloud.lists)).toEqual(['token-1', 'token-1', 'token-2']);
});

test('one caller’s leaving does not end the fetch for the others', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  cloud.onToken(hold);
  const leaving = new AbortController();
  const left = gateway.ask('a', leaving.signal);
  await cloud.tokensArrived(1);
  const staying = gateway.askMany(10, 'staying');
  leaving.abort();
  await expect(left).rejects.toThrow();
  for (const request of cloud.tokens) tokenAnswer(request);
  expect(await staying).toEqual(Array.from({ length: 10 }, () => onePage));
  expect(cloud.tokens).toHaveLength(1);
  expect(cloud.lists).toHaveLength(10);
});

test('who leaves while a token is fetched is let go at once, and nothing is sent for it', async () => {
  await using iam = await startFaultServer();
  iam.next(hang);
  const names = { domainName: 'Acme', userName: 'gate', password: 'pass9', project: { name: 'eu-de' } };
  const authentication = createAuthentication(
    { kind: 'iam-user', endpoint: iam.url, ...names, deadlineMs: 15_000 },
    { now: () => 0, wallNow: () => 0, deadlineMs: 15_000, connectTimeoutMs: 3000 },
  );
  const leaver = new AbortController();
  const request = {
    host: 'ims',
    path: '/v2/cloudimages',
    query: toImageQuery([]),
    caller: { key: 'own', token: null },
  };
  const left = authentication.answer({ ...request, signal: leaver.signal }, () => {
    throw new Error('Expected nothing to be sent.');
  });
  await iam.arrival(0);
  leaver.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await authentication.close();
});

const keystone = (code: number, message: string, title: string) => (request: CloudRequest) =>
  request.answer(code, { error: { code, message, title } }, { 'X-IAM-Trace-Id': 'trace-1' });

const failures: readonly {
  readonly title: string;
  readonly react: (request: CloudRequest) => void;
  readonly code: ErrorCode;
  readonly upstream?: Readonly<Record<string, unknown>>;
}[] = [
  {
    title: 'a request that IAM finds wrong',
    react: keystone(400, 'The request body is invalid', 'Bad Request'),
    code: 'UPSTREAM_BAD_REQUEST',
    upstream: { status: 400, code: '400', message: 'The request body is invalid', requestId: 'trace-1' },
  },
  {
    title: 'a message that quotes the user',
    react: keystone(403, 'User gate of Acme may not use pass9', 'Forbidden'),
    code: 'FORBIDDEN',
    upstream: { status: 403, code: '403', requestId: 'trace-1' },
  },
  {
    title: 'no such path',
    react: (request) => request.answer(404, ''),
    code: 'UPSTREAM_NOT_FOUND',
    upstream: { status: 404 },
  },
  {
    title: 'throttling',
    react: gatewayAnswer(429, 'APIGW.0308', 'The throttling threshold has been reached'),
    code: 'UPSTREAM_THROTTLED',
    upstream: {
      status: 429,
      code: 'APIGW.0308',
      message: 'The throttling threshold has been reached',
      requestId: 'request-of-upstream',
    },
  },
  {
    title: 'an outage',
    react: (request) => request.answer(503, '<html>'),
    code: 'UPSTREAM_UNAVAILABLE',
    upstream: { status: 503 },
  },
  { title: 'a broken connection', react: (request) => request.reset(), code: 'UPSTREAM_UNAVAILABLE' },
  { title: 'silence', react: hold, code: 'UPSTREAM_TIMEOUT' },
  {
    title: 'a token without a header',
    react: (request) => request.answer(201, { token: {} }),
    code: 'UPSTREAM_INVALID_RESPONSE',
    upstream: { status: 201 },
  },
  {
    title: 'a token without times',
    react: (request) => request.answer(201, { token: {} }, { 'X-Subject-Token': 'token-1' }),
    code: 'UPSTREAM_INVALID_RESPONSE',
    upstream: { status: 201 },
  },
  {
    title: 'a page instead of a token',
    react: (request) => request.answer(200, '<html>', { 'X-Subject-Token': 'token-1' }),
    code: 'UPSTREAM_INVALID_RESPONSE',
    upstream: { status: 200 },
  },
];

test.concurrent.for(failures)(
  'IAM fails with $title: $code, no images are asked for, and the next request tries again',
  async ({ react, code, upstream }) => {
    await using gateway = await start({ IAM_DEADLINE_MS: '300' });
    const { cloud } = gateway;
    cloud.onToken(react);
    const failed = await gateway.ask('a');
    const extensions = { code, retryable: errorKinds[code].retryable, ...(upstream && { upstream }) };
    expect(failed).toEqual({
      data: null,
      errors: [{ message: noToken, path: ['images'], locations: expect.anything(), extensions }],
    });
    const shown = JSON.stringify(failed);
    for (const secret of ['gate"', 'gate ', 'Acme', 'pass9', new URL(cloud.url).port, '127.0.0.1', '/v3']) {
      expect(shown).not.toContain(secret);
    }
    expect(cloud.tokens).toHaveLength(1);

    cloud.onToken(tokenAnswer);
    expect(await gateway.ask('a')).toEqual(onePage);
    expect(cloud.tokens).toHaveLength(2);
    expect(cloud.lists).toHaveLength(1);
    expect(gateway.logged).toEqual([]);
  },
);

test('a refused user is not tried again for a minute, then for two, and so on up to a quarter of an hour', async () => {
  await using gateway = await start();
  const { cloud, clock } = gateway;
  cloud.onToken(wrongPassword);
  const extensions = {
    code: 'UNAUTHENTICATED',
    upstream: { status: 401, message: 'The username or password is wrong.' },
  };
  const seconds = [60, 120, 240, 480, 900, 900];
  for (const [round, pause] of seconds.entries()) {
    for (const answer of await gateway.askMany(20, `round-${round}`)) {
      expect(answer).toMatchObject({ errors: [{ message: expect.stringContaining(userRefused), extensions }] });
    }
    expect(await gateway.ask('again')).toMatchObject({
      errors: [{ message: `${userRefused} It is asked again in ${pause} s.`, extensions }],
    });
    clock.ms += pause * 1000 - 1;
    expect(await gateway.ask('again')).toMatchObject({
      errors: [{ message: `${userRefused} It is asked again in 1 s.` }],
    });
    expect(cloud.tokens).toHaveLength(round + 1);
    clock.ms += 1;
  }
  cloud.onToken(tokenAnswer);
  expect(await gateway.ask('a')).toEqual(onePage);
});

test('a token is no use to whoever left before it came, and IAM’s delay counts in the request’s own deadline', async () => {
  await using gateway = await start({ IMS_DEADLINE_MS: '200' });
  const { cloud } = gateway;
  cloud.onToken(hold);
  expect(await gateway.ask('a')).toMatchObject({
    errors: [{ message: 'The image service did not answer within 200 ms.', extensions: { code: 'UPSTREAM_TIMEOUT' } }],
  });
  for (const request of cloud.tokens) tokenAnswer(request);
  expect(await gateway.ask('b')).toEqual(onePage);
  expect(cloud.tokens).toHaveLength(1);
  expect(cloud.lists).toHaveLength(1);
});

test('every fetch is told of, as renewed or by the code of its failure', async () => {
  await using cloud = await startCloud();
  const events: SourceEvent[] = [];
  const authentication = createAuthentication(
    {
      kind: 'iam-user',
      domainName: 'Acme',
      userName: 'gate',
      password: 'pass9',
      project: { name: 'eu-de' },
      endpoint: cloud.url,
      deadlineMs: 5000,
    },
    {
      now: () => 1000,
      wallNow: () => 0,
      deadlineMs: 15_000,
      connectTimeoutMs: 3000,
      observe: (event) => events.push(event),
    },
  );
  const { signal } = new AbortController();
  const request = {
    host: 'ims',
    path: '/v2/cloudimages',
    query: toImageQuery([]),
    caller: { key: 'own', token: null },
    signal,
  };
  cloud.onToken((one) => one.answer(503, ''));
  await expect(authentication.answer(request, async () => pageOf('a'))).rejects.toThrow(noToken);
  cloud.onToken(tokenAnswer);
  await authentication.answer(request, async () => pageOf('a'));
  expect(events).toEqual([
    { kind: 'token', outcome: 'UPSTREAM_UNAVAILABLE' },
    { kind: 'token', outcome: 'renewed' },
  ]);
  await authentication.close();
});
