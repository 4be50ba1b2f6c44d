import { UpstreamError } from '../../image/errors.ts';
import { unlessAborted } from '../../image/unless-aborted.ts';

/**
 * Failures in a row after which no more is signed. The cloud locks a key for five minutes after more than five
 * (API Request Signing Guide, "Error codes").
 */
const MOST_FAILURES = 4;
const PAUSE_MS = 5 * 60_000;

/** How a signature was taken. */
export type Verdict =
  | 'accepted'
  | 'refused'
  /** Refused, as the key is locked already. */
  | 'locked'
  /** An answer that says nothing of the signature. */
  | 'unjudged'
  /** No answer: it may have been refused. */
  | 'unknown';

/** Leave to send one signed request. */
export interface Leave {
  /** Whether the key is unproven, so that the guard has to learn how this request ends, whoever stops waiting for it. */
  readonly isTrial: boolean;
  /** Tells how it ended; to be called once, whatever happens. */
  end(verdict: Verdict): void;
}

/** Keeps an access key from being locked by failed signatures in a row. */
export interface KeyGuard {
  /**
   * Gives leave, once there is room for one more failure. Rejects with `UNAUTHENTICATED` after too many failures, for
   * five minutes after the last; and with the signal's reason.
   */
  ask(signal: AbortSignal): Promise<Leave>;
  /** Milliseconds until the next request may be tried; 0 where one may be. */
  pauseLeftMs(): number;
}

/** The guard of a key that nothing is known of. `now` is a monotonic clock in milliseconds. */
export function createKeyGuard(now: () => number): KeyGuard {
  let isProven = false;
  let failures = 0;
  let failuresEver = 0;
  let inFlight = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let isLocked = false;
  let changed = Promise.withResolvers<void>();

  const pauseLeftMs = () => Math.max(0, pausedUntil - now());
  // After a pause there is no room left for failures, and one request has to find out.
  const mostInFlight = () => (isProven ? Number.POSITIVE_INFINITY : Math.max(1, MOST_FAILURES - failures));

  const fail = (lock: boolean) => {
    isProven = false;
    failuresEver += 1;
    // A locked key has had all the failures that it may have, others' among them.
    failures = lock ? MOST_FAILURES : failures + 1;
    isLocked = lock;
    if (failures >= MOST_FAILURES) pausedUntil = now() + PAUSE_MS;
  };

  const depart = (): Leave => {
    const failuresBefore = failuresEver;
    const isTrial = !isProven;
    inFlight += 1;
    return {
      isTrial,
      end(verdict) {
        inFlight -= 1;
        if (verdict === 'refused' || verdict === 'locked') fail(verdict === 'locked');
        // A lost answer to the first requests of all is an outage rather than a wrong key.
        else if (verdict === 'unknown' && failures > 0) fail(false);
        // A success of before the last failure proves nothing of what is sent after it.
        else if (verdict === 'accepted' && failuresEver === failuresBefore) {
          isProven = true;
          failures = 0;
        }
        changed.resolve();
        changed = Promise.withResolvers();
      },
    };
  };

  return {
    pauseLeftMs,
    async ask(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (pauseLeftMs() > 0) throw pausedError(isLocked, pauseLeftMs());
        if (inFlight < mostInFlight()) return depart();
        // Each time there is news, who waits longest looks first.
        await unlessAborted(changed.promise, signal);
      }
    },
  };
}

const pausedError = (isLocked: boolean, leftMs: number): UpstreamError => {
  const cause = isLocked
    ? "The gateway's access key is locked after failed signatures"
    : "Signatures of the gateway's access key failed several times in a row, and one more could lock it";
  return new UpstreamError('UNAUTHENTICATED', `${cause}; ${nextTry(leftMs)}`);
};

/** When the image service is asked again, as a sentence has it. */
export const nextTry = (leftMs: number): string => `it is used again in ${Math.ceil(leftMs / 1000)} s.`;
