import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPace, inTurns, type Work } from '../../src/image/pace.ts';

/** Something else that the process has to do: it counts its turns. */
function countTurns() {
  let turn = 0;
  let other = setImmediate(function count() {
    turn += 1;
    other = setImmediate(count);
  });
  return { now: () => turn, [Symbol.dispose]: () => clearImmediate(other) };
}

test('all who share a pace do no more than a turn of work in one turn, and each in its own order', async () => {
  const shares = fc.array(fc.integer({ min: 0, max: 16 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(shares, { maxLength: 6 }), async (workers) => {
      using turns = countTurns();
      const pace = createPace();
      const used = new Map<number, number>();
      const done = await Promise.all(
        workers.map(async (own) => {
          const at: number[] = [];
          for (const share of own) {
            // Sixteenths, so that their sums are exact.
            await pace(share / 16);
            at.push(turns.now());
            used.set(turns.now(), (used.get(turns.now()) ?? 0) + share / 16);
          }
          return at;
        }),
      );
      for (const [worker, at] of done.entries()) {
        expect(at).toHaveLength(workers[worker]?.length ?? 0);
        expect(at).toEqual(at.toSorted((a, b) => a - b));
      }
      for (const share of used.values()) expect(share).toBeLessThanOrEqual(1);
    }),
  );
});

function* work(...shares: readonly number[]): Work<string> {
  for (const share of shares) yield share;
  return 'done';
}

function* fail(): Work<never> {
  yield 1;
  throw new Error('broken');
}

test('work of one piece is done at once, and work of more in its turns', async () => {
  using turns = countTurns();
  expect(inTurns(work())).toBe('done');
  expect(await inTurns(work(1, 1, 1))).toBe('done');
  expect(turns.now()).toBeGreaterThanOrEqual(2);
});

test('work that fails rejects with its failure, and leaves the pace to others', async () => {
  const failing = inTurns(fail());
  const others = inTurns(work(1, 1));
  await expect(failing).rejects.toThrow('broken');
  expect(await others).toBe('done');
});

test('a signal that aborts between two pieces ends the work with its reason', async () => {
  const leaver = new AbortController();
  let pieces = 0;
  const endless = function* (): Work<never> {
    for (;;) {
      yield 1;
      pieces += 1;
      if (pieces === 3) leaver.abort(new Error('left'));
    }
  };
  await expect(inTurns(endless(), leaver.signal)).rejects.toThrow('left');
  expect(pieces).toBe(3);
});
