/** What rounds gave: their median, and how far they went. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The value in the middle; the mean of the two there are, of an even number. NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: medianOf(values),
  least: Math.min(...values),
  most: Math.max(...values),
});

/** Ratios round by round: what one round slows down, it slows down for both. */
export const ratiosOf = (ours: readonly number[], theirs: readonly number[]): number[] =>
  ours.slice(0, theirs.length).map((one, round) => one / (theirs[round] ?? Number.NaN));
