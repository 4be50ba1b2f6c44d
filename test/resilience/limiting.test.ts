import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { toImageQuery } from '../../src/image/query-string.ts';
import { limiting } from '../../src/resilience/limiting.ts';
import { pageOf, recordSource, requestWith } from '../support/recorded-source.ts';

const caller = { key: 'somebody', token: 'token-1' };
const query = (number: number) => toImageQuery([['limit', String(number)]]);

function startLimit(maxConcurrent: number, maxQueued: number) {
  const source = recordSource();
  const limited = limiting(source, { maxConcurrent, maxQueued });
  const ask = (number: number, signal?: AbortSignal) => limited.list(query(number), caller, requestWith(signal));
  return { questions: source.questions, ask };
}

test('so many are asked at once, and the others in the order in which they came', async () => {
  const { questions, ask } = startLimit(2, 10);
  const asked = [1, 2, 3, 4, 5].map((number) => ask(number));
  expect(questions).toHaveLength(2);
  for (let i = 0; i < 5; i += 1) {
    questions[i]?.succeed(pageOf(`image-${i + 1}`));
    await turn();
  }
  expect(await Promise.all(asked)).toEqual([1, 2, 3, 4, 5].map((number) => pageOf(`image-${number}`)));
  expect(questions.map(({ query: one }) => one)).toEqual([1, 2, 3, 4, 5].map(query));
});

test('one too many is refused at once, and leaves the others alone', async () => {
  const { questions, ask } = startLimit(1, 2);
  const asked = [1, 2, 3].map((number) => ask(number));
  await expect(ask(4)).rejects.toMatchObject({ name: 'UpstreamError', code: 'OVERLOADED', upstream: {} });
  for (let i = 0; i < 3; i += 1) {
    questions[i]?.succeed(pageOf('image-1'));
    await turn();
  }
  expect(await Promise.all(asked)).toHaveLength(3);
});

test('without a queue, whoever cannot be asked at once is refused', async () => {
  const { questions, ask } = startLimit(1, 0);
  const first = ask(1);
  await expect(ask(2)).rejects.toMatchObject({ code: 'OVERLOADED' });
  questions[0]?.succeed(pageOf('image-1'));
  await first;
  const second = ask(2);
  questions[1]?.succeed(pageOf('image-2'));
  expect(await second).toEqual(pageOf('image-2'));
});

test('a waiter that aborts rejects with the reason at once, is never asked, and makes room', async () => {
  const { questions, ask } = startLimit(1, 1);
  const first = ask(1);
  const leaver = new AbortController();
  const leaves = ask(2, leaver.signal);
  leaver.abort(new Error('left'));
  await expect(leaves).rejects.toThrow('left');
  expect(getEventListeners(leaver.signal, 'abort')).toEqual([]);
  const third = ask(3);
  questions[0]?.succeed(pageOf('image-1'));
  await first;
  await turn();
  questions[1]?.succeed(pageOf('image-3'));
  expect(await third).toEqual(pageOf('image-3'));
  expect(questions.map(({ query: one }) => one)).toEqual([query(1), query(3)]);
});

test('whoever has had its turn listens no more, and an abort then takes nobody’s place', async () => {
  const { questions, ask } = startLimit(1, 2);
  const leaver = new AbortController();
  const asked = [ask(1), ask(2, leaver.signal), ask(3)];
  questions[0]?.succeed(pageOf('image-1'));
  await turn();
  questions[1]?.succeed(pageOf('image-2'));
  await turn();
  leaver.abort();
  const fourth = ask(4);
  expect(questions).toHaveLength(3);
  questions[2]?.succeed(pageOf('image-3'));
  await turn();
  questions[3]?.succeed(pageOf('image-4'));
  expect(await Promise.all([...asked, fourth])).toEqual([1, 2, 3, 4].map((number) => pageOf(`image-${number}`)));
});

test('one that is being asked and aborts, or fails, gives up its place', async () => {
  const { questions, ask } = startLimit(1, 5);
  const leaver = new AbortController();
  const leaves = ask(1, leaver.signal);
  const fails = ask(2);
  const last = ask(3);
  leaver.abort(new Error('left'));
  await expect(leaves).rejects.toThrow('left');
  await turn();
  questions[1]?.fail(new Error('failed'));
  await expect(fails).rejects.toThrow('failed');
  await turn();
  questions[2]?.succeed(pageOf('image-3'));
  expect(await last).toEqual(pageOf('image-3'));
});

test('whoever has aborted already is not asked', async () => {
  const { questions, ask } = startLimit(1, 1);
  await expect(ask(1, AbortSignal.abort(new Error('gone already')))).rejects.toThrow('gone already');
  expect(questions).toEqual([]);
});
