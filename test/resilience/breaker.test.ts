import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CircuitOpenError, IdentityError, UpstreamError } from '../../src/image/errors.ts';
import { toImageQuery } from '../../src/image/query-string.ts';
import { createBreaker } from '../../src/resilience/breaker.ts';
import { pageOf, recordSource, requestWith } from '../support/recorded-source.ts';

const query = toImageQuery([]);
const caller = { key: 'somebody', token: 'token-1' };
const openMs = 5000;

/** A breaker before a source that ends its questions when told, on a clock that stands until told. */
function startBreaker() {
  const clock = { ms: 1_000_000 };
  const source = recordSource();
  const states: string[] = [];
  const observe = (event: { readonly kind: string; readonly state?: string }) => void states.push(event.state ?? '');
  const breaker = createBreaker({ openMs, now: () => clock.ms, observe });
  const guarded = breaker.guard(source);
  const ask = (signal?: AbortSignal) => guarded.list(query, caller, requestWith(signal));

  /** Asks, and ends the question that this puts to the source. */
  async function askAnd(end: 'well' | Error): Promise<unknown> {
    const asked = ask().catch((error: unknown) => error);
    const question = source.questions.at(-1);
    if (end === 'well') question?.succeed(pageOf('image-1'));
    else question?.fail(end);
    return asked;
  }
  const failFor = async (ms: number, times: number, failure: Error = unavailable()) => {
    for (let i = 0; i < times; i += 1) {
      await askAnd(failure);
      clock.ms += ms / times;
    }
  };
  /** Opens it. */
  const open = () => failFor(1100, 12);
  return { clock, breaker, states, questions: source.questions, ask, askAnd, failFor, open };
}

const unavailable = () => new UpstreamError('UPSTREAM_UNAVAILABLE', undefined, { status: 503 });

test.for([
  new UpstreamError('UPSTREAM_UNAVAILABLE'),
  new UpstreamError('UPSTREAM_UNAVAILABLE', undefined, { status: 500 }),
  new UpstreamError('UPSTREAM_TIMEOUT'),
])(
  '$code that goes on for a second opens it; then nothing is asked, and everybody is told at once',
  async (failure) => {
    const { breaker, states, questions, ask, failFor } = startBreaker();
    await failFor(1100, 12, failure);
    expect([breaker.state(), states]).toEqual(['open', ['open']]);
    const asked = questions.length;
    const refusal = await ask().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CircuitOpenError);
    expect(refusal).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'The image service has failed again and again; it is not asked for some seconds.',
    });
    expect((refusal as CircuitOpenError).retryAfterMs).toBeGreaterThan(openMs - 200);
    expect(questions).toHaveLength(asked);
  },
);

test.for([
  new UpstreamError('UPSTREAM_THROTTLED', undefined, { status: 429 }),
  new UpstreamError('UPSTREAM_BAD_REQUEST', undefined, { status: 400 }),
  new UpstreamError('UNAUTHENTICATED', undefined, { status: 401 }),
  new UpstreamError('UPSTREAM_INVALID_RESPONSE', undefined, { status: 200 }),
  new UpstreamError('OVERLOADED'),
  new IdentityError('UPSTREAM_UNAVAILABLE', 'IAM is gone.', { status: 503 }),
  new IdentityError('UPSTREAM_TIMEOUT', 'IAM is slow.', {}),
  new Error('left'),
])('$message does not open it, however often', async (failure) => {
  const { breaker, failFor } = startBreaker();
  await failFor(60_000, 100, failure);
  expect(breaker.state()).toBe('closed');
});

test.for([20, 100, 1000])(
  'an upstream that fails %i times a second opens it within little more than a second',
  async (rate) => {
    const { breaker, failFor, questions } = startBreaker();
    await failFor(3000, 3 * rate);
    expect(breaker.state()).toBe('open');
    expect(questions.length).toBeLessThan(1.1 * rate + 2);
  },
);

test.for([60, 300])('failures that come %i at a time, as of hanging connections, open it', async (burst) => {
  const { breaker, clock, failFor } = startBreaker();
  for (let i = 0; i < 3 && breaker.state() === 'closed'; i += 1) {
    await failFor(0, burst);
    clock.ms += 700;
  }
  expect(breaker.state()).toBe('open');
});

test('failures that have stopped for a while at a high rate do not open it when one more comes', async () => {
  const { breaker, clock, failFor, askAnd } = startBreaker();
  await failFor(500, 200);
  for (let i = 0; i < 200; i += 1) await askAnd('well');
  clock.ms += 5000;
  await failFor(900, 9);
  expect(breaker.state()).toBe('closed');
});

test('many failures at one moment do not open it: connections break together, and come back', async () => {
  const { breaker, failFor, askAnd } = startBreaker();
  await failFor(0, 100);
  expect(breaker.state()).toBe('closed');
  for (let i = 0; i < 11; i += 1) await askAnd('well');
  await failFor(2000, 8);
  expect(breaker.state()).toBe('closed');
});

test('a failure from long ago does not make an outage of many at one moment', async () => {
  const { breaker, clock, failFor, askAnd } = startBreaker();
  await failFor(1500, 1);
  for (let i = 0; i < 5; i += 1) await askAnd('well');
  await failFor(0, 9);
  expect(breaker.state()).toBe('closed');
  clock.ms += 1000;
  await failFor(0, 1);
  expect(breaker.state()).toBe('open');
});

test('what goes well never opens it, however long ago the failures before it were', async () => {
  const { breaker, clock, failFor, askAnd } = startBreaker();
  await failFor(0, 10);
  clock.ms += 5000;
  await askAnd('well');
  expect(breaker.state()).toBe('closed');
});

test('an upstream that fails a quarter of the time stays in use', async () => {
  const { breaker, askAnd, clock } = startBreaker();
  for (let i = 0; i < 400; i += 1) {
    await askAnd(i % 4 === 0 ? unavailable() : 'well');
    clock.ms += 50;
  }
  expect(breaker.state()).toBe('closed');
});

test('after its time one question decides, and the others are refused until it has', async () => {
  const { clock, breaker, states, questions, ask, askAnd, open } = startBreaker();
  await open();
  const before = questions.length;
  clock.ms += openMs;
  expect(breaker.state()).toBe('half-open');
  const deciding = ask();
  await expect(ask()).rejects.toBeInstanceOf(CircuitOpenError);
  await expect(ask()).rejects.toBeInstanceOf(CircuitOpenError);
  expect(questions).toHaveLength(before + 1);
  questions.at(-1)?.succeed(pageOf('image-1'));
  expect(await deciding).toEqual(pageOf('image-1'));
  expect([breaker.state(), states]).toEqual(['closed', ['open', 'half-open', 'closed']]);
  expect(await askAnd('well')).toEqual(pageOf('image-1'));
});

test('a deciding question that fails opens it again, for the whole time', async () => {
  const { clock, breaker, states, questions, ask, askAnd, open } = startBreaker();
  await open();
  clock.ms += openMs;
  await askAnd(unavailable());
  expect([breaker.state(), states]).toEqual(['open', ['open', 'half-open', 'open']]);
  const asked = questions.length;
  clock.ms += openMs - 1;
  await expect(ask()).rejects.toBeInstanceOf(CircuitOpenError);
  expect(questions).toHaveLength(asked);
});

test('a deciding question that nobody waits for any more leaves the decision to the next', async () => {
  const { clock, breaker, ask, askAnd, open } = startBreaker();
  await open();
  clock.ms += openMs;
  const leaver = new AbortController();
  const leaves = ask(leaver.signal);
  leaver.abort(new Error('left'));
  await expect(leaves).rejects.toThrow('left');
  expect(breaker.state()).toBe('half-open');
  await askAnd('well');
  expect(breaker.state()).toBe('closed');
});

test('a throttled deciding question closes it: upstream is there', async () => {
  const { clock, breaker, askAnd, open } = startBreaker();
  await open();
  clock.ms += openMs;
  await askAnd(new UpstreamError('UPSTREAM_THROTTLED', undefined, { status: 429 }));
  expect(breaker.state()).toBe('closed');
});

test('what was asked before it opened has no say in what is decided after', async () => {
  const { clock, breaker, questions, ask, open } = startBreaker();
  const slow = [ask().catch(() => {}), ask().catch(() => {})];
  await open();
  questions[0]?.succeed(pageOf('image-1'));
  await slow[0];
  expect(breaker.state()).toBe('open');
  clock.ms += openMs;
  const deciding = ask();
  questions[1]?.fail(unavailable());
  await slow[1];
  expect(breaker.state()).toBe('half-open');
  questions.at(-1)?.succeed(pageOf('image-1'));
  await deciding;
  expect(breaker.state()).toBe('closed');
});

test('whatever happens, it is never open longer than its time after the last failure', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant('fail' as const) },
    { weight: 2, arbitrary: fc.constant('well' as const) },
    { weight: 2, arbitrary: fc.constant('refuse' as const) },
    { weight: 3, arbitrary: fc.nat(6000) },
  );
  const property = fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (script) => {
    const { clock, breaker, states, askAnd } = startBreaker();
    for (const one of script) {
      if (typeof one === 'number') clock.ms += one;
      else {
        const failure = one === 'fail' ? unavailable() : new UpstreamError('FORBIDDEN', undefined, { status: 403 });
        await askAnd(one === 'well' ? 'well' : failure);
      }
    }
    clock.ms += openMs;
    expect(breaker.state()).not.toBe('open');
    await askAnd('well');
    await turn();
    expect(breaker.state()).toBe('closed');
    // Every state follows another one.
    expect(states.filter((state, at) => state === states[at - 1])).toEqual([]);
  });
  await fc.assert(property, { numRuns: 1000, examples: [[Array.from({ length: 10 }, () => 'fail' as const)]] });
});
