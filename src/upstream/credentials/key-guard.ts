import { UpstreamError } from '../../image/errors.ts';
import { unlessAborted } from '../../image/unless-aborted.ts';

/**
 * Most failures in a row and signed requests on their way, taken together. The cloud locks a key for five minutes after
 * more than five failures (API Request Signing Guide, "Error codes"), and a key that works now may be refused next.
 */
export const MOST_SIGNED_AT_ONCE = 4;
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

/** Tells how a signed request ended; to be called once, whatever happens. */
export type EndRequest = (verdict: Verdict) => void;

/** Keeps an access key from being locked by failed signatures in a row. */
export interface KeyGuard {
  /**
   * Gives leave to send one signed request, once there is room for one more failure. Rejects with `UNAUTHENTICATED` after
   * too many failures, for five minutes after the last; and with the signal's reason.
   */
  ask(signal: AbortSignal): Promise<EndRequest>;
  /** Milliseconds until the next request may be tried; 0 where one may be. */
  pauseLeftMs(): number;
}

/** A guard that knows of no failure. `now` is a monotonic clock in milliseconds. */
export function createKeyGuard(now: () => number): KeyGuard {
  /** In a row, those that are possible among them. */
  let failures = 0;
  let failuresEver = 0;
  /** Whether one of them is certain. A row of lost answers alone is an outage rather than a wrong key. */
  let isRefused = false;
  let isLocked = false;
  let inFlight = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let changed = Promise.withResolvers<void>();

  const pauseLeftMs = () => Math.max(0, pausedUntil - now());
  // Where there is no room left, after a pause or in an outage, one request at a time has to find out.
  const hasRoom = () => inFlight < Math.max(1, MOST_SIGNED_AT_ONCE - failures);

  const fail = (verdict: Verdict) => {
    failuresEver += 1;
    isLocked = verdict === 'locked';
    isRefused ||= verdict !== 'unknown';
    // A locked key has had all the failures that it may have, others' among them.
    failures = isLocked ? MOST_SIGNED_AT_ONCE : failures + 1;
    if (isRefused && failures >= MOST_SIGNED_AT_ONCE) pausedUntil = now() + PAUSE_MS;
  };

  const depart = (): EndRequest => {
    const failuresBefore = failuresEver;
    inFlight += 1;
    return (verdict) => {
      inFlight -= 1;
      if (verdict === 'accepted') {
        // A success of before the last failure proves nothing of what is sent after it.
        if (failuresEver === failuresBefore) {
          failures = 0;
          isRefused = false;
        }
      } else if (verdict !== 'unjudged') fail(verdict);
      changed.resolve();
      changed = Promise.withResolvers();
    };
  };

  return {
    pauseLeftMs,
    async ask(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (pauseLeftMs() > 0) throw pausedError(isLocked, pauseLeftMs());
        if (hasRoom()) return depart();
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
