import { createFirstOfTurn } from './first-of-turn.ts';

/**
 * Does the first piece of work in a turn of the event loop at once, and those that follow it in the next turn, one right
 * behind the other. Answers that leave together wake the machine's network, and whoever waits for them, once; with other
 * work between them, once for each.
 */
export function createTogether(): (work: () => void) => void {
  const isFirst = createFirstOfTurn();
  let pieces: (() => void)[] = [];
  const doAll = (): void => {
    const all = pieces;
    pieces = [];
    for (const work of all) work();
  };
  return (work) => {
    if (isFirst()) work();
    else if (pieces.push(work) === 1) setImmediate(doAll);
  };
}
