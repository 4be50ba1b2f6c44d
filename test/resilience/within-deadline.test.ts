import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { toImageQuery } from '../../src/image/query-string.ts';
import type { SourceRequest } from '../../src/image/source.ts';
import { wait } from '../../src/resilience/wait.ts';
import { withinDeadline } from '../../src/resilience/within-deadline.ts';
import { pageOf, recordSource, requestWith } from '../support/recorded-source.ts';

const query = toImageQuery([]);
const caller = { key: 'somebody', token: 'token-1' };
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('a question that takes too long fails at the deadline, and its source is told', async () => {
  const { questions, ...source } = recordSource();
  const bounded = withinDeadline(source, { deadlineMs: 20, now: () => 0 });
  await expect(bounded.list(query, caller, requestWith())).rejects.toMatchObject({
    code: 'UPSTREAM_TIMEOUT',
    message: 'The image service did not answer within 20 ms.',
  });
  expect(questions[0]?.signal.aborted).toBe(true);
});

test('a source that takes no notice does not hold the deadline up', async () => {
  const deaf = { list: () => new Promise<never>(() => {}) };
  const bounded = withinDeadline(deaf, { deadlineMs: 20, now: () => 0 });
  await expect(bounded.list(query, caller, requestWith())).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
});

test('the source is told until when there is time, and of whoever leaves', async () => {
  let told: SourceRequest | undefined;
  const bounded = withinDeadline(
    {
      list: (_query, _caller, request) => {
        told = request;
        return new Promise(() => {});
      },
    },
    { deadlineMs: 60_000, now: () => 1000 },
  );
  const leaver = new AbortController();
  const leaves = bounded.list(query, caller, requestWith(leaver.signal));
  expect(told).toMatchObject({ id: 'request-1', endsAtMs: 61_000 });
  leaver.abort(new Error('left'));
  await expect(leaves).rejects.toThrow('left');
  expect(told?.signal.reason).toEqual(new Error('left'));
});

test('no timer and no listener is left', async () => {
  const { questions, ...source } = recordSource();
  const before = timers();
  const bounded = withinDeadline(source, { deadlineMs: 60_000, now: () => 0 });
  const { signal } = new AbortController();
  const succeeds = bounded.list(query, caller, requestWith(signal));
  const fails = bounded.list(query, caller, requestWith(signal));
  questions[0]?.succeed(pageOf('image-1'));
  questions[1]?.fail(new Error('failed'));
  await Promise.allSettled([succeeds, fails]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(timers()).toBeLessThanOrEqual(before);
});

test('a pause ends with its time, or with the signal’s reason', async () => {
  await wait(1, new AbortController().signal);
  const before = timers();
  const leaver = new AbortController();
  const pause = wait(3_600_000, leaver.signal);
  leaver.abort(new Error('left'));
  await expect(pause).rejects.toThrow('left');
  expect(timers()).toBeLessThanOrEqual(before);
});
