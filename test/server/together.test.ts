import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTogether } from '../../src/server/together.ts';

describe('work of one turn of the event loop', () => {
  it('is done at once where it is the first, and one behind the other in the next turn where it is not', async () => {
    const together = createTogether();
    const done: string[] = [];
    for (const name of ['first', 'second', 'third']) together(() => done.push(name), 1);
    expect(done).toEqual(['first']);
    done.push('other work of this turn');
    await nextTurn();
    expect(done).toEqual(['first', 'other work of this turn', 'second', 'third']);
  });

  it('begins anew in each turn', async () => {
    const together = createTogether();
    const done: number[] = [];
    for (const turn of [1, 2, 3]) {
      together(() => done.push(turn), 1);
      expect(done.at(-1)).toBe(turn);
      // One turn after the other.
      await nextTurn();
    }
  });

  it('does not wait once it is large together', () => {
    const together = createTogether();
    const done: string[] = [];
    for (const name of ['first', 'second', 'third']) together(() => done.push(name), 2 ** 15);
    expect(done).toEqual(['first', 'second', 'third']);
  });
});
