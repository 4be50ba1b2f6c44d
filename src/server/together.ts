/**
 * Does pieces of work in the next turn of the event loop, one right behind the other. Answers that leave together wake the
 * machine's network, and whoever waits for them, once; with other work between them, once for each.
 */
export function createTogether(): (work: () => void) => void {
  let pieces: (() => void)[] = [];
  const doAll = (): void => {
    const all = pieces;
    pieces = [];
    for (const work of all) work();
  };
  return (work) => {
    if (pieces.push(work) === 1) setImmediate(doAll);
  };
}
