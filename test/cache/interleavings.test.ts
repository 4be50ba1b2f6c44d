import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cachePages } from '../../src/cache/page-cache.ts';
import { shareFlights } from '../../src/cache/single-flight.ts';
import { UpstreamError } from '../../src/image/errors.ts';
import { toImageQuery } from '../../src/image/query-string.ts';
import type { ImagePage } from '../../src/image/source.ts';
import { fresh, pageOf, recordSource, requestWith } from '../support/recorded-source.ts';

const freshMs = 100;
const revalidateMs = 50;
const staleIfErrorMs = 150;
const callers = ['c0', 'c1'].map((key) => ({ key, token: `token of ${key}` }));
const queries = ['q0', 'q1'].map((name) => toImageQuery([['name', name]]));

const keyOf = (caller: number, query: number) => `${callers[caller]?.key} ${queries[query]}`;

const codes = ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_BAD_REQUEST', 'FORBIDDEN', 'UNAUTHENTICATED'] as const;

/** What can happen to the cache. Waiters and questions are numbered as they come; a number may be that of none. */
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('ask'), caller: fc.nat(1), query: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave'), waiter: fc.nat(8) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('end'),
      question: fc.nat(6),
      how: fc.oneof(
        { weight: 5, arbitrary: fc.constant('well' as const) },
        { weight: 2, arbitrary: fc.constant(codes[0]) },
        { weight: 2, arbitrary: fc.constantFrom(...codes) },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.nat(120) }) },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
type How = Extract<Action, { how: unknown }>['how'];
type Outcome = 'waiting' | ImagePage | Error;

/** Two layers as the gateway has them, and everything that can be seen of them from outside. */
function startCache() {
  const clock = { ms: 0 };
  const source = recordSource();
  const results: string[] = [];
  const observe = (event: { readonly kind: string; readonly result?: string }) => void results.push(event.result ?? '');
  const bounds = { maxBytes: 1_000_000, maxPages: 1000, sharing: null };
  const ages = { freshMs, revalidateMs, staleIfErrorMs };
  const cached = cachePages(source, { ...bounds, ...ages, now: () => clock.ms, observe });
  const cache = shareFlights(cached, observe, cached);
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
    if (done.how === 'well') question?.succeed(pageOfQuestion(done.question));
    else question?.fail(failureOf(done.question, done.how));
  }

  return { clock, waiters, results, questions: source.questions, keyOfQuestion, pageOfQuestion, act };
}

const callerOf = (key: string) => key.slice(0, 2);

const failureOf = (question: number, code: Exclude<How, 'well'>) =>
  new UpstreamError(code, `question ${question} failed`);

test('nobody ever gets the page of another caller or query, and nobody is left waiting', async () => {
  const steps = fc.array(fc.tuple(action, fc.boolean()), { maxLength: 40 });
  const property = fc.asyncProperty(steps, async (script) => {
    const { waiters, results, questions, pageOfQuestion, act } = startCache();
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
    await turn();
    expect(results).toHaveLength(waiters.length);
  });
  await fc.assert(property, { numRuns: 500 });
});

interface Kept {
  readonly page: ImagePage;
  readonly since: number;
  readonly question: number;
  readonly acceptance: number;
  isRefreshing: boolean;
  failure: UpstreamError | null;
}

/** What the cache promises, said without it: what is open, kept and refused, by caller and query. */
function startModel({ clock, keyOfQuestion, pageOfQuestion }: ReturnType<typeof startCache>) {
  const open = new Map<string, { question: number; opener: number; waiters: Set<number> }>();
  const refreshes = new Map<number, Kept>();
  const kept = new Map<string, Kept>();
  /** Which stretch of acceptance each caller is in. */
  const acceptances = new Map<string, number>();
  /** By caller or by caller and query: questions up to this one cannot undo the refusal. */
  const refusals = new Map<string, number>();
  const outcomes: Outcome[] = [];
  const aborted: boolean[] = [];
  let stretches = 0;

  const ageOf = ({ since }: Kept) => clock.ms - since;

  function find(key: string): Kept | null {
    const found = kept.get(key);
    if (found === undefined || refusals.has(key)) return null;
    return found.acceptance === acceptances.get(callerOf(key)) ? found : null;
  }

  const isShownFresh = (key: string, { question }: Kept): boolean => {
    const found = find(key);
    return found?.question === question && ageOf(found) <= freshMs;
  };

  function show(key: string, one: Kept, failure: UpstreamError | null): ImagePage {
    const page = { ...one.page, requests: 0 };
    if (ageOf(one) <= freshMs) return { ...page, isCurrent: () => isShownFresh(key, one) };
    const because = failure === null ? ('revalidating' as const) : ('upstream-failed' as const);
    return { ...page, stale: { ageMs: ageOf(one), because, code: failure?.code ?? null } };
  }

  function ask(key: string): void {
    const waiter = outcomes.length;
    const found = find(key);
    const flight = open.get(key);
    // Whoever may be given a stale page joins those who wait for a better one.
    const shownMs = flight === undefined ? freshMs + revalidateMs : freshMs;
    if (found !== null && ageOf(found) <= shownMs) {
      outcomes.push(show(key, found, found.failure));
      if (ageOf(found) <= freshMs || found.isRefreshing) return;
      found.isRefreshing = true;
      refreshes.set(aborted.length, found);
      return void aborted.push(false);
    }
    outcomes.push('waiting');
    if (flight !== undefined) return void flight.waiters.add(waiter);
    open.set(key, { question: aborted.length, opener: waiter, waiters: new Set([waiter]) });
    aborted.push(false);
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

  function keep(key: string, question: number): void {
    const caller = callerOf(key);
    if ([caller, key].some((refused) => question <= (refusals.get(refused) ?? -1))) return;
    refusals.delete(caller);
    refusals.delete(key);
    const acceptance = acceptances.get(caller) ?? (stretches += 1);
    acceptances.set(caller, acceptance);
    if ((kept.get(key)?.question ?? -1) > question) return;
    const page = pageOfQuestion(question);
    kept.set(key, { page, since: clock.ms, question, acceptance, isRefreshing: false, failure: null });
  }

  function refuse(key: string, how: Exclude<How, 'well'>): void {
    const latest = aborted.length - 1;
    if (how === 'UNAUTHENTICATED') {
      acceptances.delete(callerOf(key));
      refusals.set(callerOf(key), latest);
    }
    if (how === 'FORBIDDEN') refusals.set(key, latest);
    if (how !== 'UPSTREAM_UNAVAILABLE') kept.delete(key);
  }

  /** The outcome of a question for whoever waits for it. */
  function settle(key: string, question: number, how: How): ImagePage | Error {
    if (how === 'well') {
      keep(key, question);
      return pageOfQuestion(question);
    }
    refuse(key, how);
    const failure = failureOf(question, how);
    const instead = how === 'UPSTREAM_UNAVAILABLE' ? find(key) : null;
    return instead !== null && ageOf(instead) <= freshMs + staleIfErrorMs ? show(key, instead, failure) : failure;
  }

  function end(question: number, how: How): void {
    const key = keyOfQuestion(question);
    const refreshed = refreshes.get(question);
    if (refreshed !== undefined) {
      settle(key, question, how);
      refreshed.isRefreshing = false;
      if (how !== 'well') refreshed.failure = how === 'UPSTREAM_UNAVAILABLE' ? failureOf(question, how) : null;
      return void refreshes.delete(question);
    }
    const flight = open.get(key);
    if (flight?.question !== question) return;
    open.delete(key);
    const outcome = settle(key, question, how);
    for (const waiter of flight.waiters) {
      const joined = waiter !== flight.opener && !(outcome instanceof Error);
      outcomes[waiter] = joined ? { ...outcome, requests: 0 } : outcome;
    }
  }

  function act(done: Action): void {
    if ('caller' in done) ask(keyOf(done.caller, done.query));
    else if ('waiter' in done) leave(done.waiter);
    else if ('question' in done) end(done.question, done.how);
  }
  return { outcomes, aborted, act };
}

/** An outcome, and whether its page would still be given. */
const stateOf = (outcome: Outcome) =>
  outcome === 'waiting' || outcome instanceof Error
    ? outcome
    : { ...outcome, isCurrent: outcome.isCurrent?.() ?? 'nobody knows' };

test('a page that is kept and fresh is given at once, also while an older question for it is under way', async () => {
  const { clock, questions, waiters, act, pageOfQuestion } = startCache();
  const step = async (done: Action, ms = 0) => {
    act(done);
    await turn();
    clock.ms += ms;
  };
  const ask: Action = { kind: 'ask', caller: 0, query: 0 };
  await step(ask);
  await step({ kind: 'end', question: 0, how: 'well' }, freshMs + 1);
  // Stale, so that a newer one is asked for; and then of no use, so that the next one waits.
  await step(ask, revalidateMs);
  await step(ask);
  expect(questions).toHaveLength(3);
  await step({ kind: 'end', question: 1, how: 'well' });
  expect(waiters[2]?.outcome).toBe('waiting');
  await step(ask);
  expect(waiters[3]?.outcome).toEqual(fresh(pageOfQuestion(1)));
  expect(questions).toHaveLength(3);
});

test('whatever is asked, left, answered and failed, upstream is asked and pages are given as the rules say', async () => {
  const property = fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (script) => {
    const cache = startCache();
    const model = startModel(cache);
    for (const step of script) {
      model.act(step);
      cache.act(step);
      await turn();
      expect(cache.waiters.map(({ outcome }) => stateOf(outcome))).toEqual(model.outcomes.map(stateOf));
      expect(cache.questions.map(({ signal }) => signal.aborted)).toEqual(model.aborted);
    }
  });
  await fc.assert(property, { numRuns: 1000 });
});
