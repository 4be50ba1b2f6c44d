import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { signRequest, toSdkDate } from '../../src/upstream/credentials/sign.ts';
import { startEmbedded } from './harness.ts';

const MINUTES = 60_000;
const path = '/v1/cloudimages/fuzzy';

interface Change {
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly dateMs?: number;
  readonly query?: string;
  /** What is sent, if another than what is signed. */
  readonly sentQuery?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function start() {
  const clock = { ms: Date.UTC(2026, 10, 24, 8, 30) };
  const { url } = await startEmbedded({ wallNow: () => clock.ms });
  const ask = async (change: Change = {}) => {
    const { accessKey = 'demo-b', secretKey = 'demo-b-secret', dateMs = clock.ms, query = 'limit=1' } = change;
    const signed = { ...change.headers, 'x-sdk-date': toSdkDate(dateMs) };
    const host = new URL(url).host;
    const authorization = signRequest(
      { method: 'GET', path, query, headers: { ...signed, host } },
      { accessKey, secretKey },
    );
    const outgoing = httpRequest(`${url}${path}?${change.sentQuery ?? query}`, {
      headers: { ...signed, authorization },
    });
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    return { status: response.statusCode as number, body: JSON.parse(await text(response)) };
  };
  return { clock, ask };
}

const refusal = (detail: string) => ({
  status: 401,
  body: { error_code: 'APIGW.0301', error_msg: `Incorrect IAM authentication information: ${detail}` },
});
const differing = refusal('verify aksk signature fail, the signatures differ');

test('a signed request lists for the project of its key', async () => {
  const { ask } = await start();
  const { status, body } = await ask({ query: '__imagetype=private&limit=1' });
  expect(status).toBe(200);
  expect(body.images).toMatchObject([{ owner: 'f9c50af31d90d014734ecdb2dc58c042' }]);
  expect(await ask({ headers: { 'x-project-id': 'f9c50af31d90d014734ecdb2dc58c042' } })).toMatchObject({ status: 200 });
  expect(await ask({ headers: { 'x-project-id': 'another' } })).toMatchObject({
    status: 400,
    body: { error: { code: 'IMG.0067' } },
  });
  expect(await ask({ accessKey: 'demo-forbidden', secretKey: 'demo-forbidden-secret' })).toMatchObject({ status: 403 });
});

test('a wrong secret, another query than the signed one, and an unknown key are refused', async () => {
  const { ask } = await start();
  expect(await ask({ secretKey: 'wrong' })).toMatchObject(differing);
  expect(await ask({ sentQuery: 'limit=2' })).toMatchObject(differing);
  expect(await ask({ accessKey: 'nobody' })).toMatchObject(refusal('Get secretKey failed,ak:nobody,err:ak not exist'));
});

test('the date of a signature may be 15 minutes away, either way, and no more', async () => {
  const { ask, clock } = await start();
  for (const skewMs of [-15 * MINUTES, 15 * MINUTES]) {
    expect(await ask({ dateMs: clock.ms + skewMs })).toMatchObject({ status: 200 });
    expect(await ask({ dateMs: clock.ms + skewMs + Math.sign(skewMs) * 1000 })).toMatchObject(
      refusal('verify aksk signature fail, X-Sdk-Date is more than 15 minutes away'),
    );
  }
});

test('more than five failures in a row lock a key for five minutes; a success in between starts the count anew', async () => {
  const { ask, clock } = await start();
  const fail = async (times: number) => {
    for (let time = 0; time < times; time += 1) expect(await ask({ secretKey: 'wrong' })).toMatchObject(differing);
  };
  await fail(5);
  expect(await ask()).toMatchObject({ status: 200 });
  await fail(6);
  const locked = refusal('AK access failed to reach the limit,forbidden');
  expect(await ask()).toMatchObject(locked);
  expect(await ask({ accessKey: 'demo', secretKey: 'demo-secret' })).toMatchObject({ status: 200 });
  clock.ms += 5 * MINUTES - 1;
  expect(await ask()).toMatchObject(locked);
  clock.ms += 1;
  expect(await ask()).toMatchObject({ status: 200 });
});
