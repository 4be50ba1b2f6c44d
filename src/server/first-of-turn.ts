/**
 * Tells the first call in a turn of the event loop from those that follow in it: where little is under way, every call is
 * a first one. A turn ends where immediates run, and what they call for belongs to the next one.
 */
export function createFirstOfTurn(): () => boolean {
  let hasBeen = false;
  const end = (): void => {
    hasBeen = false;
  };
  return () => {
    if (hasBeen) return false;
    hasBeen = true;
    setImmediate(end);
    return true;
  };
}
