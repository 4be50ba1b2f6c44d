/**
 * Measures everybody once a round, one after the other, and tells what came of each, round by round. Every round begins with
 * another one, so that nobody always follows the same.
 */
export async function inTurns<One, Result>(
  all: readonly One[],
  rounds: number,
  measureOne: (one: One, round: number, place: number) => Promise<Result>,
): Promise<ReadonlyMap<One, readonly Result[]>> {
  const results = new Map<One, Result[]>(all.map((one) => [one, []]));
  for (let round = 0; round < rounds; round += 1) {
    const first = round % all.length;
    const order = [...all.slice(first), ...all.slice(0, first)];
    for (const [place, one] of order.entries()) results.get(one)?.push(await measureOne(one, round, place));
  }
  return results;
}
