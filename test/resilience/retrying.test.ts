import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CircuitOpenError, type ErrorCode, errorKinds, UpstreamError } from '../../src/image/errors.ts';
import type { SourceEvent } from '../../src/image/events.ts';
import { toImageQuery } from '../../src/image/query-string.ts';
import type { ImagePage, SourceRequest } from '../../src/image/source.ts';
import { backoffMs } from '../../src/resilience/backoff.ts';
import { createRetryBudget, type RetryBudget } from '../../src/resilience/retry-budget.ts';
import { retrying } from '../../src/resilience/retrying.ts';
import { pageOf, requestWith } from '../support/recorded-source.ts';

const query = toImageQuery([]);
const caller = { key: 'somebody', token: 'token-1' };
const page = pageOf('image-1');
const boundless: RetryBudget = { earn: () => {}, spend: () => true };

interface Setting {
  readonly maxRetries?: number;
  readonly budget?: RetryBudget;
  readonly random?: () => number;
}

/** Retries over a source that meets the given ends, the last one for ever, on a clock that jumps over every pause. */
function startRetrying(ends: readonly (ImagePage | Error)[], setting: Setting = {}) {
  const { maxRetries = 2, budget = boundless, random = () => 0.5 } = setting;
  const clock = { ms: 0 };
  const waits: number[] = [];
  const events: SourceEvent[] = [];
  let attempts = 0;
  const source = retrying(
    {
      async list() {
        const end = ends[Math.min(attempts, ends.length - 1)];
        attempts += 1;
        if (end === undefined || end instanceof Error) throw end;
        return end;
      },
    },
    {
      maxRetries,
      budget,
      random,
      now: () => clock.ms,
      wait: async (ms, signal) => {
        waits.push(ms);
        clock.ms += ms;
        signal.throwIfAborted();
      },
      observe: (event) => events.push(event),
    },
  );
  return {
    waits,
    events,
    attempts: () => attempts,
    list: (request: SourceRequest = requestWith()) => source.list(query, caller, request),
  };
}

const failed = (status?: number, code: UpstreamError['code'] = 'UPSTREAM_UNAVAILABLE', retryAfterMs?: number) =>
  new UpstreamError(code, undefined, status === undefined ? {} : { status }, retryAfterMs ?? null);

test.for([
  failed(undefined),
  failed(200),
  failed(500),
  failed(502),
  failed(503),
  failed(504, 'UPSTREAM_TIMEOUT'),
  failed(undefined, 'UPSTREAM_TIMEOUT'),
  failed(200, 'UPSTREAM_TIMEOUT'),
  failed(429, 'UPSTREAM_THROTTLED'),
])('$code with status $upstream.status is worth another attempt, and the page tells what it cost', async (failure) => {
  const { list, attempts, events } = startRetrying([failure, failure, page]);
  expect(await list()).toEqual({ ...page, requests: 3 });
  expect(attempts()).toBe(3);
  const retry = { kind: 'retry', requestId: 'request-1', code: failure.code };
  expect(events).toEqual([
    { ...retry, delayMs: 100 },
    { ...retry, delayMs: 200 },
  ]);
});

const retried = new Set<ErrorCode>(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_THROTTLED']);
const codes = Object.keys(errorKinds) as UpstreamError['code'][];

test.for([
  ...codes.filter((code) => !retried.has(code)).map((code) => failed(undefined, code)),
  ...[400, 401, 403, 404, 408, 501, 505].map((status) => failed(status)),
  failed(408, 'UPSTREAM_TIMEOUT'),
  failed(200, 'UPSTREAM_INVALID_RESPONSE'),
  new CircuitOpenError(1),
  new Error('a mistake of ours'),
])('%s is final after one attempt', async (failure) => {
  const { list, attempts } = startRetrying([failure, page]);
  await expect(list()).rejects.toBe(failure);
  expect(attempts()).toBe(1);
});

test('the last failure is what is told once there are no more retries', async () => {
  const failures = [failed(500), failed(502), failed(503)];
  const { list, attempts } = startRetrying(failures);
  await expect(list()).rejects.toBe(failures[2]);
  expect(attempts()).toBe(3);
});

test('a failure after which the question was aborted is not retried; the reason is what is told', async () => {
  const controller = new AbortController();
  const source = retrying(
    {
      list: () => {
        controller.abort(new Error('left'));
        return Promise.reject(failed(503));
      },
    },
    {
      maxRetries: 5,
      budget: boundless,
      random: () => 0,
      now: () => 0,
      wait: () => Promise.reject(new Error('waited')),
      observe: () => {},
    },
  );
  await expect(source.list(query, caller, requestWith(controller.signal))).rejects.toThrow('left');
});

test('upstream’s own time to wait is waited, and a little more', async () => {
  const { list, waits } = startRetrying([failed(429, 'UPSTREAM_THROTTLED', 1000), page]);
  await list();
  expect(waits).toEqual([1100]);
});

test('a pause that would end after the deadline is not begun: the failure is told at once, with the time to wait', async () => {
  const throttled = failed(429, 'UPSTREAM_THROTTLED', 60_000);
  const { list, waits, attempts } = startRetrying([throttled, page]);
  await expect(list({ ...requestWith(), endsAtMs: 15_000 })).rejects.toBe(throttled);
  expect([waits, attempts()]).toEqual([[], 1]);
});

const almostOne = () => 1 - 2 ** -53;

test('the pause doubles, up to a bound, and is anything below that', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((failures) => backoffMs(failures, null, almostOne))).toEqual([
    199, 399, 799, 1599, 3199, 4999, 4999,
  ]);
  expect(backoffMs(5, null, () => 0)).toBe(0);
});

test('a thousand questions that all fail cost at most a fifth more attempts, and the reserve', async () => {
  const budget = createRetryBudget({ ratio: 0.2, reserve: 10 });
  const { list, attempts } = startRetrying([failed(503)], { budget, maxRetries: 5 });
  for (let i = 0; i < 1000; i += 1) await expect(list()).rejects.toThrow();
  expect(attempts()).toBeLessThanOrEqual(1000 * 1.2 + 10);
  expect(attempts()).toBeGreaterThan(1190);
});

test('whatever order questions and retries come in, the budget never gives more than its share', () => {
  const property = fc.property(
    fc.array(fc.boolean(), { maxLength: 500 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(20),
    (steps, ratio, reserve) => {
      const budget = createRetryBudget({ ratio, reserve });
      let [questions, retries] = [0, 0];
      for (const isQuestion of steps) {
        if (isQuestion) {
          budget.earn();
          questions += 1;
        } else if (budget.spend()) retries += 1;
        expect(retries).toBeLessThanOrEqual(questions * ratio + reserve + 1e-9);
      }
    },
  );
  fc.assert(property, { numRuns: 300 });
});
