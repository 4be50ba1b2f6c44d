import { setImmediate } from 'node:timers/promises';
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

test('a key that worked and is refused while 200 ask: four arrive, and the others are told why', async () => {
  await using gateway = await start({ IMS_MAX_CONCURRENT: '200' });
  const { cloud } = gateway;
  expect(await gateway.ask('proven')).toEqual(onePage);
  cloud.onList(hold);
  const asked = gateway.askMany(200);
  await cloud.listsArrived(1 + 4);
  cloud.onList(signatureRefused);
  for (const one of cloud.lists.slice(1)) signatureRefused(one);

  const answers = await asked;
  expect(cloud.lists).toHaveLength(1 + 4);
  const told = answers.filter((answer) => answer.errors?.[0]?.extensions?.['upstream'] === undefined);
  expect(told).toHaveLength(196);
  for (const answer of told) expect(answer).toMatchObject(paused(300));
});

test('200 questions at once are all answered, by four requests at a time', async () => {
  await using gateway = await start({ IMS_MAX_CONCURRENT: '200' });
  let atOnce = 0;
  let mostAtOnce = 0;
  gateway.cloud.onList((request) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    setTimeout(() => {
      atOnce -= 1;
      pageAnswer(request);
    }, 5);
  });
  const all = Array.from({ length: 200 }, () => onePage);
  expect(await gateway.askMany(200)).toEqual(all);
  expect(await gateway.askMany(200, 'again')).toEqual(all);
  expect([gateway.cloud.lists.length, mostAtOnce]).toEqual([400, 4]);
});

test('the queue is bounded as with any limit: who comes past it is told at once', async () => {
  await using gateway = await start({ IMS_MAX_CONCURRENT: '50', IMS_MAX_QUEUED: '3' });
  const { cloud } = gateway;
  cloud.onList(hold);
  const asked = gateway.askMany(4);
  await cloud.listsArrived(4);
  const many = Array.from({ length: 4 }, (_, number) => gateway.ask(`more-${number}`));
  expect(await Promise.race(many)).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
  cloud.onList(pageAnswer);
  for (const one of cloud.lists) pageAnswer(one);
  expect(await asked).toEqual(Array.from({ length: 4 }, () => onePage));
  expect((await Promise.all(many)).filter((answer) => answer.errors === undefined)).toHaveLength(3);
});

test('questions that wait for leave end at their deadline, and the requests that they wait for at theirs', async () => {
  await using gateway = await start({ IMS_DEADLINE_MS: '500' });
  const { cloud } = gateway;
  cloud.onList(hold);
  const leaving = new AbortController();
  const left = ['a', 'b', 'c', 'd'].map((name) => gateway.ask(name, leaving.signal));
  await cloud.listsArrived(4);
  leaving.abort();
  await Promise.allSettled(left);
  for (const answer of await gateway.askMany(20)) {
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }] });
  }
  // When the four had ended, one of those that waited was sent.
  const [, , , , fifth, ...more] = cloud.lists;
  expect(more).toEqual([]);
  cloud.onList(pageAnswer);
  if (fifth !== undefined) pageAnswer(fifth);
  expect(await gateway.ask('next')).toEqual(onePage);
  expect(cloud.lists).toHaveLength(6);
});

test('callers who leave take nothing with them: what was sent still counts, what waited is never sent', async () => {
  await using gateway = await start();
  const { cloud } = gateway;
  expect(await gateway.ask('proven')).toEqual(onePage);
  cloud.onList(hold);
  const leaving = new AbortController();
  const left = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => gateway.ask(name, leaving.signal));
  await cloud.listsArrived(1 + 4);
  leaving.abort();
  await Promise.allSettled(left);

  const later = gateway.askMany(50, 'later');
  for (const one of cloud.lists.slice(1)) signatureRefused(one);
  for (const answer of await later) expect(answer).toMatchObject(paused(300));
  expect(cloud.lists).toHaveLength(1 + 4);
});

/** Signed requests that a test ends. */
function startSigning() {
  const authentication = createAuthentication(
    { kind: 'access-key', accessKey: 'K', secretKey: 'S', projectId: null, securityToken: null },
    { now: () => 1000, wallNow: () => 0, deadlineMs: 15_000, connectTimeoutMs: 3000 },
  );
  const caller = { key: 'own', token: null };
  const sent: { readonly signal: AbortSignal; readonly answer: (page: ImagePage) => void }[] = [];
  const sign = (signal: AbortSignal) =>
    authentication.answer(
      { host: 'ims', path: '/v2/cloudimages', query: toImageQuery([]), caller, signal },
      (_, until) => {
        const { promise, resolve } = Promise.withResolvers<ImagePage>();
        sent.push({ signal: until, answer: resolve });
        return promise;
      },
    );
  return { sent, sign };
}

test('a caller who leaves is let go at once, and what was sent goes on, also by a key that worked', async () => {
  const { sent, sign } = startSigning();
  for (const number of [0, 1]) {
    const leaving = new AbortController();
    const outcome = sign(leaving.signal);
    await Promise.resolve();
    leaving.abort(new Error('left'));
    await expect(outcome).rejects.toThrow('left');
    expect(sent[number]?.signal.aborted).toBe(false);
    sent[number]?.answer(pageOf('a'));
  }
});

test('who leaves while waiting for leave does so at once, and is never sent', async () => {
  const { sent, sign } = startSigning();
  const staying = Array.from({ length: 5 }, () => sign(new AbortController().signal));
  const leaving = new AbortController();
  const left = sign(leaving.signal);
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  expect(sent).toHaveLength(4);

  for (const { answer } of sent.slice()) answer(pageOf('a'));
  await Promise.all(staying.slice(0, 4));
  await setImmediate();
  sent[4]?.answer(pageOf('a'));
  await staying[4];
  expect(sent).toHaveLength(5);
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

test('a refusal after lost answers tells what they may have been: an outage pauses nothing, the first refusal in it does', async () => {
  await using gateway = await start({ IMS_BREAKER_OPEN_MS: '0' });
  const { cloud } = gateway;
  expect(await gateway.ask('proven')).toEqual(onePage);
  cloud.onList((request) => request.reset());
  for (const answer of await gateway.askMany(20)) {
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });
  }
  expect(cloud.lists).toHaveLength(21);

  // After so many lost answers one at a time is sent.
  cloud.onList(signatureRefused);
  const answers = await gateway.askMany(50, 'refused');
  expect(cloud.lists).toHaveLength(22);
  expect(answers.filter((answer) => answer.errors?.[0]?.extensions?.['upstream'] === undefined)).toHaveLength(49);
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
