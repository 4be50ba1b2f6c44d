import { expect, test } from 'vitest';
import type { SourceEvent } from '../../src/image/events.ts';
import { answer, hang } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';

const ages = { CACHE_FRESH_MS: '30000', CACHE_REVALIDATE_MS: '60000', CACHE_STALE_IF_ERROR_MS: '600000' };
const field = (first = 1) => `images(first: ${first}) { edges { node { id } } }`;

/** A gateway whose clock a test moves, asked with everything that an answer has. */
async function startGateway(env: Readonly<Record<string, string>> = {}) {
  const clock = { ms: 0 };
  const events: SourceEvent[] = [];
  const watchers: { readonly kind: SourceEvent['kind']; readonly tell: () => void }[] = [];
  const observe = (event: SourceEvent) => {
    events.push(event);
    for (const { kind, tell } of watchers.splice(0)) {
      if (kind === event.kind) tell();
      else watchers.push({ kind, tell });
    }
  };
  const gateway = await startFaultyGateway({ ...ages, ...env }, { now: () => clock.ms, observe });
  const ask = async (fields = field(), token = TOKEN) => {
    const response = await fetch(gateway.gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': token },
      body: JSON.stringify({ query: `{ ${fields} }` }),
    });
    const { data, errors, extensions } = await response.json();
    return {
      id: data?.images?.edges[0].node.id,
      code: errors?.[0].extensions.code,
      stale: extensions?.stale,
      upstream: extensions?.upstream,
      age: response.headers.get('age'),
      warning: response.headers.get('warning'),
    };
  };
  /** Resolves when the next event of this kind has happened. */
  const nextEvent = (kind: SourceEvent['kind']) =>
    new Promise<void>((resolve) => void watchers.push({ kind, tell: resolve }));
  const { upstream, logged } = gateway;
  const results = () => events.flatMap((event) => (event.kind === 'cache' ? [event.result] : []));
  return {
    clock,
    upstream,
    logged,
    results,
    nextEvent,
    ask,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

const images = (id: string) => answer(200, { images: [{ id }] });
const fresh = { stale: undefined, age: null, warning: null, code: undefined };
const revalidating = (ageSeconds: number) => ({
  stale: { ageSeconds, because: 'revalidating' },
  age: String(ageSeconds),
  warning: '110 - "Response is Stale"',
  code: undefined,
});
const failed = (ageSeconds: number, code: string) => ({
  stale: { ageSeconds, because: 'upstream-failed', code },
  age: String(ageSeconds),
  warning: '110 - "Response is Stale", 111 - "Revalidation Failed"',
  code: undefined,
});

test('a page that is no longer fresh is given at once and says so, while one request fetches a newer one', async () => {
  await using gateway = await startGateway();
  const { clock, upstream, ask, nextEvent, results } = gateway;
  upstream.next(images('old'));
  expect(await ask()).toMatchObject({ id: 'old', ...fresh });
  clock.ms = 31_000;
  const held = Promise.withResolvers<void>();
  upstream.next((socket, target) => void held.promise.then(() => images('new')(socket, target)));
  const asked = await Promise.all(Array.from({ length: 20 }, () => ask()));
  for (const one of asked) expect(one).toMatchObject({ id: 'old', ...revalidating(31) });
  expect(asked[0]?.upstream).toMatchObject({ requests: 0 });
  await upstream.arrival(1);
  clock.ms = 32_000;
  const arrived = nextEvent('attempt');
  held.resolve();
  await arrived;
  expect(await ask()).toMatchObject({ id: 'new', ...fresh });
  expect(upstream.requests).toHaveLength(2);
  // Those that came together may have joined into one.
  const [first, ...others] = results();
  expect([first, others.pop()]).toEqual(['miss', 'fresh']);
  expect(others).toHaveLength(20);
  expect(others.every((result) => result === 'stale' || result === 'joined')).toBe(true);
});

test('a refresh that fails is told to whoever asks next, and harms nothing', async () => {
  await using gateway = await startGateway();
  const { clock, upstream, ask, nextEvent, logged } = gateway;
  await ask();
  clock.ms = 31_000;
  upstream.next(answer(503), images('new'));
  const refreshed = nextEvent('attempt');
  expect(await ask()).toMatchObject({ id: 'image-1', ...revalidating(31) });
  await refreshed;
  const again = nextEvent('attempt');
  expect(await ask()).toMatchObject({ id: 'image-1', ...failed(31, 'UPSTREAM_UNAVAILABLE') });
  await again;
  expect(await ask()).toMatchObject({ id: 'new', ...fresh });
  expect(upstream.requests).toHaveLength(3);
  expect(logged).toEqual([]);
});

test('a refresh lives on when its asker leaves, and ends by the deadline', async () => {
  await using gateway = await startGateway({ IMS_DEADLINE_MS: '300' });
  const { clock, upstream, ask, nextEvent } = gateway;
  await ask();
  clock.ms = 31_000;
  upstream.next(hang);
  const ended = nextEvent('attempt');
  expect(await ask()).toMatchObject(revalidating(31));
  const request = await upstream.arrival(1);
  await ended;
  await request.closed;
  expect(await ask()).toMatchObject(failed(31, 'UPSTREAM_TIMEOUT'));
});

test.for([
  ['an upstream that is gone', answer(503), 'UPSTREAM_UNAVAILABLE'],
  ['one that is throttled', answer(429), 'UPSTREAM_THROTTLED'],
  ['one that answers rubbish', answer(200, '<html>'), 'UPSTREAM_INVALID_RESPONSE'],
  ['one that is late', answer(504), 'UPSTREAM_TIMEOUT'],
] as const)('over %s an older page is given up to its age, saying so, and then no more', async ([, fault, code]) => {
  await using gateway = await startGateway();
  const { clock, upstream, ask } = gateway;
  await ask();
  clock.ms = 91_000;
  upstream.next(fault, fault);
  expect(await ask()).toMatchObject({ id: 'image-1', ...failed(91, code) });
  clock.ms = 630_001;
  expect(await ask()).toMatchObject({ id: undefined, code, stale: undefined, age: null });
  expect(upstream.requests).toHaveLength(3);
  expect(await ask()).toMatchObject({ id: 'image-1', ...fresh });
});

test.for([
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [400, 'UPSTREAM_BAD_REQUEST'],
  [404, 'UPSTREAM_NOT_FOUND'],
] as const)('over a refusal (%i) no older page is given, then or later', async ([status, code]) => {
  await using gateway = await startGateway();
  const { clock, upstream, ask } = gateway;
  await ask();
  clock.ms = 91_000;
  upstream.next(answer(status), answer(503));
  expect(await ask()).toMatchObject({ id: undefined, code });
  expect(await ask()).toMatchObject({ id: undefined, code: 'UPSTREAM_UNAVAILABLE', stale: undefined });
});

test('a refusal that a refresh meets is the last that is heard of the page', async () => {
  await using gateway = await startGateway();
  const { clock, upstream, ask, nextEvent } = gateway;
  await ask();
  clock.ms = 31_000;
  upstream.next(answer(401), answer(401));
  const refreshed = nextEvent('attempt');
  expect(await ask()).toMatchObject(revalidating(31));
  await refreshed;
  expect(await ask()).toMatchObject({ id: undefined, code: 'UNAUTHENTICATED' });
});

test('a caller whom upstream refuses gets nothing that is kept, fresh as it may be, until it is accepted again', async () => {
  await using gateway = await startGateway();
  const { upstream, ask } = gateway;
  upstream.next(images('one'), images('two'), answer(401));
  expect([(await ask(field(1))).id, (await ask(field(2))).id]).toEqual(['one', 'two']);
  expect((await ask(field(3))).code).toBe('UNAUTHENTICATED');
  upstream.next(answer(401), images('new one'), images('new two'));
  expect((await ask(field(1))).code).toBe('UNAUTHENTICATED');
  expect((await ask(field(1))).id).toBe('new one');
  expect((await ask(field(2))).id).toBe('new two');
  expect((await ask(field(2))).id).toBe('new two');
  expect(upstream.requests).toHaveLength(6);
});

test('several pages in one answer: the greatest age, and the failure', async () => {
  await using gateway = await startGateway({ CACHE_REVALIDATE_MS: '0' });
  const { clock, upstream, ask } = gateway;
  await ask(`images: ${field(1)}`);
  clock.ms = 10_000;
  await ask(`images: ${field(2)}`);
  clock.ms = 91_000;
  upstream.next(answer(503), answer(503));
  const both = await ask(`images: ${field(1)} two: ${field(2)}`);
  expect(both).toMatchObject(failed(91, 'UPSTREAM_UNAVAILABLE'));
});

test('both can be switched off', async () => {
  await using gateway = await startGateway({ CACHE_REVALIDATE_MS: '0', CACHE_STALE_IF_ERROR_MS: '0' });
  const { clock, upstream, ask } = gateway;
  upstream.next(images('old'), images('new'), answer(503));
  await ask();
  clock.ms = 30_001;
  expect(await ask()).toMatchObject({ id: 'new', ...fresh });
  clock.ms = 60_002;
  expect(await ask()).toMatchObject({ id: undefined, code: 'UPSTREAM_UNAVAILABLE' });
});
