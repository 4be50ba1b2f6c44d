/**
 * Waits until a share of a turn of the event loop may be used: 1 is as much work as is done before the other work of the
 * process gets its turn, a millisecond or two of it.
 */
export type Pace = (share: number) => Promise<void>;

/** Work that is done in pieces: it yields which share of a turn the next one is. */
export type Work<Result> = Generator<number, Result, void>;

/** What all who share it do in one turn is, together, no more than a turn's work; who comes first is first. */
export function createPace(): Pace {
  let turn: Promise<void> = Promise.resolve();
  let used = 1;
  return (share) => {
    if (used + share > 1) {
      turn = turn.then(nextTurn);
      used = 0;
    }
    used += share;
    return turn;
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The pace of all requests: a process has one event loop. */
export const pace: Pace = createPace();

/**
 * What work comes to: at once if it is of one piece, else once all its pieces have had their turns. Rejects with the
 * signal's reason if that aborts between two of them.
 */
export function inTurns<Result>(work: Work<Result>, signal?: AbortSignal): Result | Promise<Result> {
  const { done, value } = work.next();
  return done ? value : goOn(work, value, signal);
}

async function goOn<Result>(work: Work<Result>, firstShare: number, signal?: AbortSignal): Promise<Result> {
  let share = firstShare;
  for (;;) {
    // One piece after the other is what this is for.
    await pace(share);
    signal?.throwIfAborted();
    const { done, value } = work.next();
    if (done) return value;
    share = value;
  }
}
