/** The longest pause before the second attempt; it doubles with each one. */
const FIRST_MS = 200;
const LONGEST_MS = 5000;

/**
 * How long to wait before another attempt: anything up to a bound that doubles with each failure, so that callers who
 * failed together do not come back together, and, where upstream asks for a time, so much longer than that.
 */
export function backoffMs(failures: number, retryAfterMs: number | null, random: () => number): number {
  const bound = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  return (retryAfterMs ?? 0) + Math.floor(random() * bound);
}
