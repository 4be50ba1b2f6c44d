import { performance } from 'node:perf_hooks';

/**
 * Waits for a turn to do some work, of a millisecond or so, that may keep the event loop: one after the other, in the
 * order in which they came, and for no longer at a time than is fair to the other work of the process. The work must follow
 * the very `await` of this promise: what comes later is not counted.
 */
export type Pace = () => Promise<void>;

/** Work that is done in pieces: it yields before each. */
export type Work<Result> = Generator<void, Result, void>;

/** So long may those who wait keep the event loop at a time, however little else there is to do. */
export const LEAST_MS = 1;
/** And so long where there is much: a piece that has begun then ends a little later. */
export const MOST_MS = 6;

/**
 * A pace by a clock in milliseconds, which may stand still while the event loop has nothing to do. Those who wait may go
 * on for as long as everything else has taken since the last time, within bounds: neither keeps the other waiting.
 */
export function createPace(busyMs: () => number): Pace {
  const waiting: (() => void)[] = [];
  let isTurnDue = false;
  let endedMs = busyMs();

  const takeTurn = async (): Promise<void> => {
    const beganMs = busyMs();
    const untilMs = beganMs + Math.min(Math.max(beganMs - endedMs, LEAST_MS), MOST_MS);
    do {
      waiting.shift()?.();
      // Meanwhile who has waited does its piece.
      await Promise.resolve();
    } while (waiting.length > 0 && busyMs() < untilMs);
    endedMs = busyMs();
    isTurnDue = false;
    if (waiting.length > 0) askForTurn();
  };
  const askForTurn = (): void => {
    if (isTurnDue) return;
    isTurnDue = true;
    setImmediate(() => void takeTurn());
  };

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      askForTurn();
    });
}

/** The pace of all requests: a process has one event loop. */
export const pace: Pace = createPace(() => performance.eventLoopUtilization().active);

/** What work comes to: at once if it is of one piece, else once all its pieces have had their turns. */
export function inTurns<Result>(work: Work<Result>): Result | Promise<Result> {
  const { done, value } = work.next();
  return done ? value : goOn(work);
}

async function goOn<Result>(work: Work<Result>): Promise<Result> {
  for (;;) {
    await pace();
    const { done, value } = work.next();
    if (done) return value;
  }
}
