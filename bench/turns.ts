/** The numbers 0, 1, … of so many rounds. */
export const firstRounds = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

/** The numbers of so many rounds, shared out among as many starts in their order; no more starts than rounds. */
export function roundsOfStarts(rounds: number, starts: number): number[][] {
  const parts = Math.min(starts, rounds);
  const begin = (part: number): number => Math.floor((part * rounds) / parts);
  return firstRounds(parts).map((part) => firstRounds(rounds).slice(begin(part), begin(part + 1)));
}

/**
 * Measures everybody once a round, one after the other, and tells what came of each, round by round. Every round begins with
 * another one, so that nobody always follows the same.
 */
export async function inTurns<One, Result>(
  all: readonly One[],
  rounds: readonly number[],
  measureOne: (one: One, round: number) => Promise<Result>,
): Promise<ReadonlyMap<One, readonly Result[]>> {
  const results = new Map<One, Result[]>(all.map((one) => [one, []]));
  for (const round of rounds) {
    const first = round % all.length;
    const order = [...all.slice(first), ...all.slice(0, first)];
    for (const one of order) results.get(one)?.push(await measureOne(one, round));
  }
  return results;
}
