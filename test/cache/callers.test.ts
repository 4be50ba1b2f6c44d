import { expect, test } from 'vitest';
import { answer, startFaultServer } from '../support/fault-server.ts';
import { startTestGateway } from '../support/gateway.ts';

const ids = '{ images(first: 5) { edges { node { id } } } }';

async function startGateway(env: Readonly<Record<string, string>> = {}) {
  const clock = { ms: 0 };
  const gateway = await startTestGateway({ env, now: () => clock.ms });
  const ask = (query: string, token = 'demo') => gateway.ask(query, {}, { headers: { 'x-auth-token': token } });
  return { clock, gateway, ask, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

test('a question costs one upstream request, asked again none, and when no longer fresh one more', async () => {
  await using started = await startGateway({ CACHE_FRESH_MS: '1000', CACHE_REVALIDATE_MS: '0' });
  const { clock, gateway, ask } = started;
  const first = await ask(ids);
  expect(first.errors).toBeUndefined();
  expect(gateway.takeRequests()).toHaveLength(1);
  clock.ms = 999;
  expect(await ask(ids)).toEqual(first);
  expect(gateway.takeRequests()).toEqual([]);
  clock.ms = 1001;
  expect(await ask(ids)).toEqual(first);
  expect(gateway.takeRequests()).toHaveLength(1);
});

test('filters that mean the same are one upstream request, in whatever order they are written', async () => {
  await using started = await startGateway();
  const { gateway, ask } = started;
  const one = await ask('{ images(first: 5, filter: { name: "a", type: PUBLIC }) { edges { node { id } } } }');
  const two = await ask('{ images(filter: { type: PUBLIC, name: "a", status: null }, first: 5) { edges { cursor } } }');
  expect([one.errors, two.errors]).toEqual([undefined, undefined]);
  expect(gateway.takeRequests()).toHaveLength(1);
});

test('simultaneous questions of one caller, in one request and in several, are one upstream request', async () => {
  await using started = await startGateway();
  const { gateway, ask } = started;
  const fields = ['a', 'b'].map((alias) => `${alias}: images(first: 5) { edges { node { id } } }`).join(' ');
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(`{ ${fields} }`)));
  expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(gateway.takeRequests()).toHaveLength(1);
});

test('without freshness every question is asked, but simultaneous ones still once', async () => {
  await using started = await startGateway({ CACHE_FRESH_MS: '0' });
  const { gateway, ask } = started;
  await ask(`{ a: images(first: 5) { edges { cursor } } b: images(first: 5) { edges { cursor } } }`);
  expect(gateway.takeRequests()).toHaveLength(1);
  await ask(ids);
  expect(gateway.takeRequests()).toHaveLength(1);
});

test('one caller never gets the page of another, at the same time or later', async () => {
  await using upstream = await startFaultServer();
  upstream.next(
    answer(200, { images: [{ id: 'for-the-first-of-two' }] }),
    answer(200, { images: [{ id: 'for-the-second-of-two' }] }),
  );
  await using started = await startGateway({ IMS_ENDPOINT: upstream.url });
  const [one, two] = await Promise.all([started.ask(ids, 'token-one'), started.ask(ids, 'token-two')]);
  expect(upstream.requests).toHaveLength(2);
  const byToken = new Map([
    ['token-one', one],
    ['token-two', two],
  ]);
  const expected = ['for-the-first-of-two', 'for-the-second-of-two'];
  for (const [number, { token }] of upstream.requests.entries()) {
    const page = { data: { images: { edges: [{ node: { id: expected[number] } }] } } };
    expect(byToken.get(token ?? '')).toEqual(page);
    expect(await started.ask(ids, token ?? '')).toEqual(page);
  }
  expect(upstream.requests).toHaveLength(2);
});

test('a token that upstream refuses gets no page that another token had, fresh as it may be', async () => {
  await using upstream = await startFaultServer();
  upstream.next(answer(200, { images: [{ id: 'private' }] }), answer(401, { error: { code: 'IMG.0087' } }));
  await using started = await startGateway({ IMS_ENDPOINT: upstream.url });
  expect((await started.ask(ids, 'token-one')).errors).toBeUndefined();
  const refused = await started.ask(ids, 'token-two');
  expect(refused).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(JSON.stringify(refused)).not.toContain('private');
  expect(upstream.requests.map(({ token }) => token)).toEqual(['token-one', 'token-two']);
});
