import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { shareFlights } from '../../src/cache/single-flight.ts';
import { UpstreamError } from '../../src/image/errors.ts';
import { toImageQuery } from '../../src/image/query-string.ts';
import type { ImagePage } from '../../src/image/source.ts';
import { pageOf, recordSource, requestWith } from '../support/recorded-source.ts';

const somebody = { key: 'somebody', token: 'token-1' };
const another = { key: 'another', token: 'token-2' };
const query = toImageQuery([['name', 'a']]);
const otherQuery = toImageQuery([['name', 'b']]);
const never = requestWith();
const unobserved = () => {};
/** What one gets who did not have to ask. */
const sharedPage = { ...pageOf('image-1'), requests: 0 };

test('simultaneous equal questions are one question with one answer', async () => {
  const { questions, ...source } = recordSource();
  const shared = shareFlights(source, unobserved);
  const asked = Array.from({ length: 100 }, () => shared.list(query, somebody, never));
  const page = pageOf('image-1');
  questions[0]?.succeed(page);
  const [first, ...others] = await Promise.all(asked);
  expect(first).toBe(page);
  for (const one of others) expect(one).toEqual(sharedPage);
  expect(questions).toMatchObject([{ query, caller: somebody }]);
});

test('different queries and different callers are asked apart, and each gets its own page', async () => {
  const { questions, ...source } = recordSource();
  const shared = shareFlights(source, unobserved);
  const asked = [
    shared.list(query, somebody, never),
    shared.list(query, another, never),
    shared.list(otherQuery, somebody, never),
  ];
  for (const [number, question] of questions.entries()) question.succeed(pageOf(`image-${number}`));
  expect(await Promise.all(asked)).toEqual([pageOf('image-0'), pageOf('image-1'), pageOf('image-2')]);
  expect(questions.map(({ caller }) => caller.token)).toEqual(['token-1', 'token-2', 'token-1']);
});

test('a failure reaches all who wait as it is, and the next question is asked anew', async () => {
  const { questions, ...source } = recordSource();
  const shared = shareFlights(source, unobserved);
  const failure = new UpstreamError('UPSTREAM_UNAVAILABLE');
  const asked = Promise.allSettled([1, 2, 3].map(() => shared.list(query, somebody, never)));
  questions[0]?.fail(failure);
  for (const outcome of await asked) expect(outcome).toEqual({ status: 'rejected', reason: failure });
  const again = shared.list(query, somebody, never);
  questions[1]?.succeed(pageOf('image-1'));
  expect(await again).toEqual(pageOf('image-1'));
  expect(questions).toHaveLength(2);
});

test('what was answered is not kept: a question asked later is asked anew', async () => {
  const { questions, ...source } = recordSource();
  const shared = shareFlights(source, unobserved);
  const first = shared.list(query, somebody, never);
  questions[0]?.succeed(pageOf('image-1'));
  await first;
  const second = shared.list(query, somebody, never);
  questions[1]?.succeed(pageOf('image-2'));
  expect(await second).toEqual(pageOf('image-2'));
});

test('one who aborts rejects at once with the reason; the others, and those who join later, get the page', async () => {
  const { questions, ...source } = recordSource();
  const shared = shareFlights(source, unobserved);
  const leaver = new AbortController();
  const leaves = shared.list(query, somebody, requestWith(leaver.signal));
  const stays = shared.list(query, somebody, never);
  leaver.abort(new Error('left'));
  await expect(leaves).rejects.toThrow('left');
  const joins = shared.list(query, somebody, never);
  expect(questions[0]?.signal.aborted).toBe(false);
  questions[0]?.succeed(pageOf('image-1'));
  expect(await Promise.all([stays, joins])).toEqual([sharedPage, sharedPage]);
  expect(questions).toHaveLength(1);
});

test('when the last one leaves, the question is aborted; the next one asks anew and is not harmed', async () => {
  const { questions, ...source } = recordSource();
  const shared = shareFlights(source, unobserved);
  const [one, two] = [new AbortController(), new AbortController()];
  const first = shared.list(query, somebody, requestWith(one.signal));
  const second = shared.list(query, somebody, requestWith(two.signal));
  one.abort(new Error('one left'));
  await expect(first).rejects.toThrow('one left');
  expect(questions[0]?.signal.aborted).toBe(false);
  two.abort(new Error('two left'));
  await expect(second).rejects.toThrow('two left');
  expect(questions[0]?.signal.aborted).toBe(true);

  const again = shared.list(query, somebody, never);
  expect(questions).toHaveLength(2);
  expect(questions[1]?.signal.aborted).toBe(false);
  questions[1]?.succeed(pageOf('image-1'));
  expect(await again).toEqual(pageOf('image-1'));
});

test('a question that ends after everybody left does not end the one asked in its place', async () => {
  const { questions, ...source } = recordSource();
  const late = Promise.withResolvers<ImagePage>();
  // The first question takes no notice of being aborted.
  const shared = shareFlights(
    {
      list: (...question) => {
        const outcome = source.list(...question);
        if (questions.length > 1) return outcome;
        outcome.catch(() => {});
        return late.promise;
      },
    },
    unobserved,
  );
  const leaver = new AbortController();
  const leaves = shared.list(query, somebody, requestWith(leaver.signal));
  leaver.abort(new Error('left'));
  await expect(leaves).rejects.toThrow('left');

  const second = shared.list(query, somebody, never);
  late.reject(new UpstreamError('UPSTREAM_TIMEOUT'));
  await turn();
  const joins = shared.list(query, somebody, never);
  questions[1]?.succeed(pageOf('image-1'));
  expect(await Promise.all([second, joins])).toEqual([pageOf('image-1'), sharedPage]);
  expect(questions).toHaveLength(2);
});

test('who has already aborted asks nothing', async () => {
  const { questions, ...source } = recordSource();
  const gone = AbortSignal.abort(new Error('gone already'));
  await expect(shareFlights(source, unobserved).list(query, somebody, requestWith(gone))).rejects.toThrow(
    'gone already',
  );
  expect(questions).toEqual([]);
});

test('who aborts while the question is being put is not left waiting', async () => {
  const leaver = new AbortController();
  const shared = shareFlights(
    {
      list: () => {
        leaver.abort(new Error('left'));
        return new Promise(() => {});
      },
    },
    unobserved,
  );
  await expect(shared.list(query, somebody, requestWith(leaver.signal))).rejects.toThrow('left');
});

test('who aborts while a kept page is being read is not left waiting, and those who stay get it', async () => {
  const { questions, ...source } = recordSource();
  const reading = Promise.withResolvers<ImagePage>();
  const shared = shareFlights(source, unobserved, { fresh: () => reading.promise });
  const leaver = new AbortController();
  const leaves = shared.list(query, somebody, requestWith(leaver.signal));
  const stays = shared.list(query, somebody, never);
  leaver.abort(new Error('left'));
  await expect(leaves).rejects.toThrow('left');
  reading.resolve(pageOf('image-1'));
  expect(await stays).toEqual(pageOf('image-1'));
  expect(questions).toEqual([]);
});

test('a source that throws before it promises is a failure like any other', async () => {
  let asked = 0;
  const shared = shareFlights(
    {
      list: () => {
        asked += 1;
        throw new Error('at once');
      },
    },
    unobserved,
  );
  await expect(shared.list(query, somebody, never)).rejects.toThrow('at once');
  await expect(shared.list(query, somebody, never)).rejects.toThrow('at once');
  expect(asked).toBe(2);
});

test('a signal is left without listeners, whether the question succeeds, fails or is aborted', async () => {
  const { questions, ...source } = recordSource();
  const shared = shareFlights(source, unobserved);
  const client = new AbortController();
  const listeners = () => getEventListeners(client.signal, 'abort').length;

  const succeeds = shared.list(query, somebody, requestWith(client.signal));
  const fails = shared.list(otherQuery, somebody, requestWith(client.signal));
  expect(listeners()).toBe(2);
  questions[0]?.succeed(pageOf('image-1'));
  questions[1]?.fail(new Error('failed'));
  await Promise.allSettled([succeeds, fails]);
  expect(listeners()).toBe(0);

  const aborted = shared.list(query, somebody, requestWith(client.signal));
  client.abort();
  await Promise.allSettled([aborted]);
  expect(listeners()).toBe(0);
});
