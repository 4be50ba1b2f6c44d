import { expect, test } from 'vitest';
import { toImageQuery } from '../../../src/image/query-string.ts';
import type { ImagePage } from '../../../src/image/source.ts';
import { createAuthentication } from '../../../src/upstream/create-authentication.ts';
import { gatewayAnswer, hold, pageAnswer, signatureRefused } from '../../support/cloud.ts';
import { onePage, startCloudedGateway } from '../../support/clouded-gateway.ts';
import { pageOf } from '../../support/recorded-source.ts';

const key = { IMS_ACCESS_KEY: 'KEYOFTHEGATEWAY', IMS_SECRET_KEY: 'secret-of-the-gateway' };
const start = (more: Readonly<Record<string, string>> = {}) => startCloudedGateway(() => ({ ...key, ...more }));

const MINUTES = 60_000;
const refused = { code: 'UNAUTHENTICATED', retryable: false };
const errorOf = (message: string) => ({ data: null, errors: [{ message, extensions: refused }] });
const refusedOnce = errorOf("The image service refused the signature of the gateway's access key.");
const paused = (seconds: number) =>
  errorOf(
    `Signatures of the gateway's access key failed several times in a row, and one more could lock it; it is used again in ${seconds} s.`,
  );

test('the signature, the date, the project and the security token go upstream, and nothing of the caller', async () => {
  await using gateway = await start({ IMS_PROJECT_ID: 'project-1', IMS_SECURITY_TOKEN: 'security-token-1' });
  expect(await gateway.ask('a')).toEqual(onePage);
  const [list] = gateway.cloud.lists;
  expect(list?.headers).toMatchObject({
    authorization: expect.stringMatching(
      /^SDK-HMAC-SHA256 Access=KEYOFTHEGATEWAY, SignedHeaders=host;x-project-id;x-sdk-date;x-security-token, Signature=[0-9a-f]{64}$/,
    ),
    'x-sdk-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
    'x-project-id': 'project-1',
    'x-security-token': 'security-token-1',
  });
  expect(list?.headers).not.toHaveProperty('x-auth-token');
  expect(JSON.stringify(list?.headers)).not.toContain('token-of-a-caller');
});

test('200 requests at once with a key that is refused: four arrive, and then none for five minutes', async () => {
  await using gateway = await start();
  const { cloud, clock } = gateway;
  cloud.onList(signatureRefused);

  const answers = await gateway.askMany(200);
  expect(cloud.lists).toHaveLength(4);
  for (const answer of answers) expect(answer).toMatchObject({ data: null, errors: [{ extensions: refused }] });
  const saidByUpstream = answers.filter((answer) => answer.errors?.[0]?.extensions?.['upstream'] !== undefined);
  expect(saidByUpstream).toHaveLength(4);
  const last = "The image service refused the signature of the gateway's access key; it is used again in 300 s.";
  expect(saidByUpstream.map((answer) => answer.errors?.[0]?.message)).toContain(last);

  expect(await gateway.ask('a')).toMatchObject(paused(300));
  clock.ms += 5 * MINUTES - 1;
  expect(await gateway.ask('a')).toMatchObject(paused(1));
  expect(cloud.lists).toHaveLength(4);

  // One may try; it fails, and the others wait again.
  clock.ms += 1;
  await gateway.askMany(200);
  expect(cloud.lists).toHaveLength(5);
  expect(await gateway.ask('a')).toMatchObject(paused(300));

  // The next one succeeds.
  clock.ms += 5 * MINUTES;
  cloud.onList(pageAnswer);
  const healed = await gateway.askMany(200);
  expect(healed.filter((answer) => answer.errors === undefined)).toHaveLength(200);
  expect(cloud.lists).toHaveLength(205);
});

test('one request after another: four are refused by upstream, the fifth is not sent', async () => {
  await using gateway = await start();
  gateway.cloud.onList(signatureRefused);
  for (const name of ['a', 'b', 'c']) expect(await gateway.ask(name)).toMatchObject(refusedOnce);
  await gateway.ask('d');
  expect(await gateway.ask('e')).toMatchObject(paused(300));
  expect(gateway.cloud.lists).toHaveLength(4);
});

test('a success in between starts the count anew', async () => {
  await using gateway = await start();
  for (const round of ['first', 'second', 'third']) {
    gateway.cloud.onList(signatureRefused);
    for (const name of ['a', 'b', 'c']) expect(await gateway.ask(`${round}-${name}`)).toMatchObject(refusedOnce);
    gateway.cloud.onList(pageAnswer);
    expect(await gateway.ask(`${round}-d`)).toEqual(onePage);
  }
  expect(gateway.cloud.lists).toHaveLength(12);
});

test('a key that the cloud has locked is not used for five minutes, from its first answer on', async () => {
  await using gateway = await start();
  const { cloud, clock } = gateway;
  cloud.onList(gatewayAnswer(401, 'APIGW.0301', 'AK access failed to reach the limit,forbidden'));
  await gateway.ask('a');
  expect(await gateway.ask('b')).toMatchObject(
    errorOf("The gateway's access key is locked after failed signatures; it is used again in 300 s."),
  );
  expect(cloud.lists).toHaveLength(1);

  clock.ms += 5 * MINUTES;
  cloud.onList(signatureRefused);
  await gateway.askMany(50);
  expect(cloud.lists).toHaveLength(2);

  clock.ms += 5 * MINUTES;
  cloud.onList(pageAnswer);
  expect(await gateway.ask('b')).toEqual(onePage);
});

test('while nothing proves the key four requests are on their way, and the first success lets all others go', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  cloud.onList(hold);
  const answers = gateway.askMany(30);
  await cloud.listsArrived(4);
  expect(cloud.lists).toHaveLength(4);

  const [first, ...others] = cloud.lists;
  cloud.onList(pageAnswer);
  first?.answer(200, { images: [{ id: 'image-1' }] });
  await cloud.listsArrived(30);
  for (const one of others) pageAnswer(one);
  expect(await answers).toEqual(Array.from({ length: 30 }, () => onePage));
});

test('callers who leave take nothing with them: what was sent still counts, what waited is never sent', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  cloud.onList(hold);
  const leaving = new AbortController();
  const left = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => gateway.ask(name, leaving.signal));
  await cloud.listsArrived(4);
  leaving.abort();
  await Promise.allSettled(left);

  const later = gateway.askMany(50, 'later');
  for (const one of cloud.lists.slice()) signatureRefused(one);
  for (const answer of await later) expect(answer).toMatchObject(paused(300));
  expect(cloud.lists).toHaveLength(4);
});

test('a request by an unproven key goes on without its caller, one by a proven key ends with it', async () => {
  const authentication = createAuthentication(
    { kind: 'access-key', accessKey: 'K', secretKey: 'S', projectId: null, securityToken: null },
    { now: () => 1000, wallNow: () => 0, deadlineMs: 15_000, connectTimeoutMs: 3000 },
  );
  const caller = { key: 'own', token: null };
  const ask = async () => {
    const leaving = new AbortController();
    const sent = Promise.withResolvers<AbortSignal>();
    const page = Promise.withResolvers<ImagePage>();
    const request = { host: 'ims', path: '/v2/cloudimages', query: toImageQuery([]), caller, signal: leaving.signal };
    const outcome = authentication.answer(request, (_, signal) => {
      sent.resolve(signal);
      return page.promise;
    });
    const signal = await sent.promise;
    leaving.abort();
    page.resolve(pageOf('a'));
    await outcome;
    return signal.aborted;
  };
  expect(await ask()).toBe(false);
  expect(await ask()).toBe(true);
});

test('a success of before the last failure does not prove the key', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  expect(await gateway.ask('proven')).toEqual(onePage);

  cloud.onList(hold);
  const [slow, failing] = [gateway.ask('slow'), gateway.ask('failing')];
  await cloud.listsArrived(3);
  const requestOf = (name: string) => cloud.lists.find(({ path }) => path.includes(`name=${name}`));
  cloud.onList(signatureRefused);
  const [slowOne, failingOne] = [requestOf('slow'), requestOf('failing')];
  if (slowOne === undefined || failingOne === undefined) throw new Error('Expected two requests.');
  signatureRefused(failingOne);
  await failing;
  pageAnswer(slowOne);
  expect(await slow).toEqual(onePage);

  // One failure is counted: three more, and no more.
  await gateway.askMany(100);
  expect(cloud.lists).toHaveLength(3 + 3);
});

test('what says nothing of the signature is not counted: outages, throttling, a wrong path, a lost answer', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  const faults = [
    gatewayAnswer(503, 'APIGW.0613', 'IAM is down'),
    gatewayAnswer(429, 'APIGW.0308', 'The throttling threshold has been reached'),
    gatewayAnswer(404, 'APIGW.0101', 'The API does not exist'),
  ];
  for (const [round, fault] of faults.entries()) {
    cloud.onList(fault);
    await gateway.askMany(10, `round-${round}`);
  }
  cloud.onList((request) => request.reset());
  await gateway.askMany(10, 'reset');
  cloud.onList(pageAnswer);
  expect(await gateway.ask('a')).toEqual(onePage);
  expect(cloud.lists).toHaveLength(41);
});

test('a lost answer after a refusal may be one more refusal', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  cloud.onList(signatureRefused);
  await gateway.ask('a');
  cloud.onList((request) => request.reset());
  await gateway.askMany(100);
  expect(cloud.lists).toHaveLength(4);
  expect(await gateway.ask('b')).toMatchObject(paused(300));
});

test('no client reads the key, whatever upstream says of it', async () => {
  await using gateway = await start();
  gateway.cloud.onList(
    gatewayAnswer(
      401,
      'APIGW.0301',
      'Get secretKey failed,ak:KEYOFTHEGATEWAY,err:ak not exist; secret-of-the-gateway, KEYOFTHEGATEWAY',
    ),
  );
  const shown = JSON.stringify(await gateway.ask('a'));
  expect(shown).toContain('Get secretKey failed,ak:[hidden],err:ak not exist; [hidden], [hidden]');
  for (const secret of Object.values(key)) expect(shown).not.toContain(secret);
  expect(gateway.logged).toEqual([]);
});
