import { expect, test } from 'vitest';
import type { SourceEvent } from '../../src/image/events.ts';
import { answer, hang, type Reaction } from '../support/fault-server.ts';
import { firstPage, startFaultyGateway } from '../support/faulty-gateway.ts';

const codesOf = ({ errors }: { readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[] }) =>
  errors?.map(({ extensions }) => extensions?.code);

/** An answer that comes when a test says so. */
function held(): { reaction: Reaction; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const page = answer(200, { images: [{ id: 'image-1' }] });
  return { reaction: (socket, target) => void promise.then(() => page(socket, target)), release: resolve };
}

test('past the limit questions wait, past the queue they fail fast, and those that wait are answered', async () => {
  await using gateway = await startFaultyGateway({ IMS_MAX_CONCURRENT: '2', IMS_MAX_QUEUED: '3' });
  const { upstream } = gateway;
  const [held1, held2] = [held(), held()];
  upstream.next(held1.reaction, held2.reaction);
  const asked = [1, 2].map((first) => gateway.askFirst(first));
  await upstream.arrival(1);
  // Four come for the three places of the queue.
  const many = [11, 12, 13, 14].map((first) => gateway.askFirst(first));
  const refused = await Promise.race(many);
  expect(refused).toMatchObject({ data: null, errors: [{ extensions: { code: 'OVERLOADED', retryable: true } }] });
  expect(upstream.requests).toHaveLength(2);
  held1.release();
  held2.release();
  expect(await Promise.all(asked)).toEqual([firstPage, firstPage]);
  expect((await Promise.all(many)).filter((one) => one !== refused)).toEqual([firstPage, firstPage, firstPage]);
  expect(upstream.requests).toHaveLength(5);
  expect(gateway.logged).toEqual([]);
});

test('a client that leaves while its question waits is never asked for, and leaves its place to another', async () => {
  await using gateway = await startFaultyGateway({ IMS_MAX_CONCURRENT: '2', IMS_MAX_QUEUED: '1' });
  const { upstream } = gateway;
  const one = held();
  // The second field of the leaver's request tells when its question has arrived, and when it has been seen to leave.
  upstream.next(one.reaction, hang);
  const first = gateway.askFirst(1);
  await upstream.arrival(0);
  const client = new AbortController();
  const leaves = gateway.ask(
    '{ a: images(first: 2) { edges { cursor } } b: images(first: 3) { edges { cursor } } }',
    client.signal,
  );
  const hanging = await upstream.arrival(1);
  expect(codesOf(await gateway.askFirst(4))).toEqual(['OVERLOADED']);
  client.abort();
  await expect(leaves).rejects.toThrow('aborted');
  await hanging.closed;
  expect(await gateway.askFirst(5)).toEqual(firstPage);
  one.release();
  expect(await first).toEqual(firstPage);
  expect(upstream.requests).toHaveLength(3);
});

/** A gateway whose clock a test moves, with the states that its breaker went through. */
async function startWithClock(env: Readonly<Record<string, string>> = {}) {
  const clock = { ms: 0 };
  const states: string[] = [];
  const observe = (event: SourceEvent) => void (event.kind === 'breaker' && states.push(event.state));
  const gateway = await startFaultyGateway({ IMS_BREAKER_OPEN_MS: '5000', ...env }, { now: () => clock.ms, observe });
  return { clock, states, gateway, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

test('an upstream that stays away is left alone, seen to again after a while, and used again once it is back', async () => {
  await using started = await startWithClock();
  const { clock, states, gateway } = started;
  const { upstream } = gateway;
  await upstream.refuse();
  for (let i = 1; i <= 12; i += 1) {
    expect(codesOf(await gateway.askFirst(i))).toEqual(['UPSTREAM_UNAVAILABLE']);
    clock.ms += 100;
  }
  expect(states).toEqual(['open']);

  // Back already, but nobody has looked.
  await upstream.listen();
  const refused = await gateway.askFirst(20);
  expect(refused.errors).toMatchObject([
    {
      message: 'The image service has failed again and again; it is not asked for some seconds.',
      extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterSeconds: 5 },
    },
  ]);
  expect(upstream.connections).toBe(0);

  clock.ms += 5000;
  expect(await gateway.askFirst(20)).toEqual(firstPage);
  expect(states).toEqual(['open', 'half-open', 'closed']);
  expect(await gateway.askFirst(21)).toEqual(firstPage);
  expect(upstream.requests).toHaveLength(2);
});

test('a breaker that opens answers those that wait for their turn, at once', async () => {
  await using started = await startWithClock({ IMS_MAX_CONCURRENT: '1' });
  const { clock, states, gateway } = started;
  const { upstream } = gateway;
  upstream.next(...Array.from({ length: 12 }, () => answer(503)));
  for (let i = 1; i <= 9; i += 1) {
    await gateway.askFirst(i);
    clock.ms += 200;
  }
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => gateway.askFirst(20 + i)));
  expect(answers.every((one) => codesOf(one)?.[0] === 'UPSTREAM_UNAVAILABLE')).toBe(true);
  expect(states).toEqual(['open']);
  // The tenth failure opened it; the other twenty-nine were never asked for.
  expect(upstream.requests).toHaveLength(10);
});

test('refusals and throttling leave the breaker closed', async () => {
  await using started = await startWithClock();
  const { clock, states, gateway } = started;
  for (const [number, status] of [400, 401, 403, 404, 429].flatMap((one) => Array(5).fill(one)).entries()) {
    gateway.upstream.next(answer(status));
    await gateway.askFirst(1 + number);
    clock.ms += 200;
  }
  expect(gateway.upstream.requests).toHaveLength(25);
  expect(states).toEqual([]);
});
