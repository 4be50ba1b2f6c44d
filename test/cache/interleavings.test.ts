import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cachePages } from '../../src/cache/page-cache.ts';
import { shareFlights } from '../../src/cache/single-flight.ts';
import { toImageQuery } from '../../src/image/query-string.ts';
import type { ImagePage } from '../../src/image/source.ts';
import { pageOf, recordSource, requestWith } from '../support/recorded-source.ts';

const freshMs = 100;
const callers = ['c0', 'c1'].map((key) => ({ key, token: `token of ${key}` }));
const queries = ['q0', 'q1'].map((name) => toImageQuery([['name', name]]));

const keyOf = (caller: number, query: number) => `${callers[caller]?.key} ${queries[query]}`;

/** What can happen to the cache. Waiters and questions are numbered as they come; a number may be that of none. */
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask'), caller: fc.nat(1), query: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave'), waiter: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end'), question: fc.nat(5), well: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.nat(120) }) },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
type Outcome = 'waiting' | ImagePage | Error;

/** Two layers as the gateway has them, and everything that can be seen of them from outside. */
function startCache() {
  const clock = { ms: 0 };
  const source = recordSource();
  const bounds = { maxBytes: 1_000_000, maxPages: 1000, freshMs };
  const cache = shareFlights(cachePages(source, { ...bounds, now: () => clock.ms }));
  const waiters: { key: string; controller: AbortController; outcome: Outcome; settled: Promise<void> }[] = [];

  const pageOfQuestion = (number: number) => pageOf(`${keyOfQuestion(number)} #${number}`);
  const keyOfQuestion = (number: number) => {
    const question = source.questions[number];
    return `${question?.caller.key} ${question?.query}`;
  };

  function ask(caller: number, query: number): void {
    const [one, about] = [callers[caller], queries[query]];
    if (one === undefined || about === undefined) throw new Error('Expected a known caller and query.');
    const controller = new AbortController();
    const settle = (outcome: Outcome) => void (waiter.outcome = outcome);
    const settled = cache.list(about, one, requestWith(controller.signal)).then(settle, settle);
    const waiter = { key: keyOf(caller, query), controller, outcome: 'waiting' as Outcome, settled };
    waiters.push(waiter);
  }

  function act(done: Action): void {
    if ('caller' in done) return ask(done.caller, done.query);
    if ('waiter' in done) return waiters[done.waiter]?.controller.abort(new Error(`waiter ${done.waiter} left`));
    if ('ms' in done) return void (clock.ms += done.ms);
    const question = source.questions[done.question];
    if (done.well) question?.succeed(pageOfQuestion(done.question));
    else question?.fail(new Error(`question ${done.question} failed`));
  }

  return { clock, waiters, questions: source.questions, keyOfQuestion, pageOfQuestion, act };
}

test('nobody ever gets the page of another caller or query, and nobody is left waiting', async () => {
  const steps = fc.array(fc.tuple(action, fc.boolean()), { maxLength: 40 });
  const property = fc.asyncProperty(steps, async (script) => {
    const { waiters, questions, pageOfQuestion, act } = startCache();
    for (const [step, turns] of script) {
      act(step);
      if (turns) await turn();
    }
    await turn();
    for (const [number, question] of questions.entries()) question.succeed(pageOfQuestion(number));
    await Promise.all(waiters.map(({ settled }) => settled));
    for (const [number, { key, outcome, controller }] of waiters.entries()) {
      if (outcome === 'waiting') throw new Error('Expected everybody to be answered.');
      if (outcome instanceof Error) {
        const own = controller.signal.aborted ? `waiter ${number} left` : '';
        expect(outcome.message).toMatch(new RegExp(`^(${own}|question \\d+ failed)$`));
      } else {
        expect(outcome.images[0]?.id).toMatch(new RegExp(`^${key} #\\d+$`));
      }
    }
  });
  await fc.assert(property, { numRuns: 500 });
});

/** What the cache promises, said without it: what is open and what is kept, by caller and query. */
function startModel({ clock, keyOfQuestion, pageOfQuestion }: ReturnType<typeof startCache>) {
  const open = new Map<string, { question: number; opener: number; waiters: Set<number> }>();
  const kept = new Map<string, { page: ImagePage; since: number }>();
  const outcomes: Outcome[] = [];
  const aborted: boolean[] = [];

  function ask(key: string): void {
    const waiter = outcomes.length;
    const page = kept.get(key);
    if (page !== undefined && clock.ms - page.since <= freshMs) {
      return void outcomes.push({ ...page.page, requests: 0 });
    }
    outcomes.push('waiting');
    const flight = open.get(key) ?? { question: aborted.length, opener: waiter, waiters: new Set() };
    if (!open.has(key)) aborted.push(false);
    open.set(key, flight);
    flight.waiters.add(waiter);
  }

  function leave(waiter: number): void {
    if (outcomes[waiter] !== 'waiting') return;
    outcomes[waiter] = new Error(`waiter ${waiter} left`);
    for (const [key, flight] of open) {
      if (!flight.waiters.delete(waiter) || flight.waiters.size > 0) continue;
      aborted[flight.question] = true;
      open.delete(key);
    }
  }

  function end(question: number, well: boolean): void {
    const key = keyOfQuestion(question);
    const flight = open.get(key);
    if (flight?.question !== question) return;
    open.delete(key);
    const outcome = well ? pageOfQuestion(question) : new Error(`question ${question} failed`);
    for (const waiter of flight.waiters) {
      const joined = waiter !== flight.opener && !(outcome instanceof Error);
      outcomes[waiter] = joined ? { ...outcome, requests: 0 } : outcome;
    }
    if (!(outcome instanceof Error)) kept.set(key, { page: outcome, since: clock.ms });
  }

  function act(done: Action): void {
    if ('caller' in done) ask(keyOf(done.caller, done.query));
    else if ('waiter' in done) leave(done.waiter);
    else if ('question' in done) end(done.question, done.well);
  }
  return { outcomes, aborted, act };
}

test('whatever is asked, left, answered and failed, upstream is asked exactly when nothing fresh is kept', async () => {
  const property = fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (script) => {
    const cache = startCache();
    const model = startModel(cache);
    for (const step of script) {
      model.act(step);
      cache.act(step);
      await turn();
      expect(cache.waiters.map(({ outcome }) => outcome)).toEqual(model.outcomes);
      expect(cache.questions.map(({ signal }) => signal.aborted)).toEqual(model.aborted);
    }
  });
  await fc.assert(property, { numRuns: 500 });
});
