import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPace, inTurns, LEAST_MS, MOST_MS, type Work } from '../src/pace.ts';
import { countTurns } from './support/turns.ts';

/** Lets workers do pieces of so many milliseconds each, while everything else takes `othersMs` a turn. */
async function workAtPace(workers: readonly (readonly number[])[], othersMs: number) {
  const clock = { ms: 5 };
  using turns = countTurns(() => {
    clock.ms += othersMs;
  });
  const pace = createPace(() => clock.ms);
  const pieces: { worker: number; turn: number; ms: number }[] = [];
  await Promise.all(
    workers.map(async (own, worker) => {
      for (const ms of own) {
        await pace();
        clock.ms += ms;
        pieces.push({ worker, turn: turns.now(), ms });
      }
    }),
  );
  const ofTurns = Map.groupBy(pieces, ({ turn }) => turn);
  return { pieces, ofTurns: [...ofTurns.values()].map((own) => own.map(({ ms }) => ms)) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

// Sixteenths, so that sums are exact.
const milliseconds = fc.integer({ min: 0, max: 64 }).map((count) => count / 16);
const workersOf = fc.array(fc.array(milliseconds, { maxLength: 12 }), { maxLength: 6 });

describe('those who share a pace', () => {
  it('keep the event loop for no longer at a time than everything else, within bounds, but for the last piece', () =>
    fc.assert(
      fc.asyncProperty(workersOf, fc.constantFrom(0, 0.5, 3, 20), async (workers, othersMs) => {
        const { pieces, ofTurns } = await workAtPace(workers, othersMs);
        expect(pieces).toHaveLength(workers.flat().length);
        const most = Math.min(Math.max(othersMs, LEAST_MS), MOST_MS);
        for (const own of ofTurns) expect(own.length === 1 || sum(own.slice(0, -1)) < most).toBe(true);
      }),
    ));

  it('go on in the order in which they came', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), async (workers, rounds) => {
        const all = Array.from({ length: workers }, () => Array.from({ length: rounds }, () => 1));
        const { pieces } = await workAtPace(all, 2);
        expect(pieces.map(({ worker }) => worker)).toEqual(
          Array.from({ length: workers * rounds }, (_, place) => place % workers),
        );
      }),
    ));

  it('get as much time as everything else, also where that takes long', async () => {
    const all = Array.from({ length: 60 }, () => [1, 1]);
    const { ofTurns } = await workAtPace(all, MOST_MS);
    expect(ofTurns.length).toBeLessThanOrEqual(120 / MOST_MS + 2);
  });
});

function* work(pieces: number): Work<string> {
  for (let piece = 0; piece < pieces; piece += 1) yield;
  return 'done';
}

function* fail(): Work<never> {
  yield;
  throw new Error('broken');
}

describe('work', () => {
  it('of one piece is done at once, and of more not before its turn', async () => {
    expect(inTurns(work(0))).toBe('done');
    using turns = countTurns();
    expect(await inTurns(work(1))).toBe('done');
    expect(turns.now()).toBeGreaterThanOrEqual(1);
  });

  it('that fails rejects with its failure, and leaves the pace to others', async () => {
    const failing = inTurns(fail());
    const others = inTurns(work(2));
    await expect(failing).rejects.toThrow('broken');
    expect(await others).toBe('done');
  });
});
