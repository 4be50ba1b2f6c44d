import { createFirstOfTurn } from './first-of-turn.ts';

/** Sends an answer of so many characters. */
type Together = (work: () => void, size: number) => void;

/** As many characters wait at the most: texts in pieces, which are copied whenever garbage is collected meanwhile. */
const MAX_SIZE = 2 ** 16;

/**
 * Does the first piece of work in a turn of the event loop at once, and those that follow it in the next turn, one right
 * behind the other, or as soon as they are large together. Answers that leave together wake the machine's network,
 * and whoever waits for them, once; with other work between them, once for each.
 */
export function createTogether(): Together {
  const isFirst = createFirstOfTurn();
  let pieces: (() => void)[] = [];
  let size = 0;
  const doAll = (): void => {
    const all = pieces;
    pieces = [];
    size = 0;
    for (const work of all) work();
  };
  return (work, ofSize) => {
    if (isFirst()) return work();
    size += ofSize;
    if (pieces.push(work) === 1) setImmediate(doAll);
    if (size >= MAX_SIZE) doAll();
  };
}
