import { CircuitOpenError, IdentityError, UpstreamError } from '../image/errors.ts';
import type { Observe } from '../image/events.ts';
import type { ImageSource } from '../image/source.ts';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface BreakerOptions {
  /** How long upstream is left alone before one question is let through to see. */
  readonly openMs: number;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly observe: Observe;
}

/** Stops asking an upstream that fails. */
export interface Breaker {
  /** `half-open` from the moment on when the next question, or the one under way, decides. */
  state(): BreakerState;
  /** The source, asked only while the breaker lets it; otherwise rejects at once with a `CircuitOpenError`. */
  guard(source: ImageSource): ImageSource;
}

/** How many of the latest outcomes are looked at. */
const LATEST = 20;
/** So many failures among them open the breaker, */
const MOST_FAILURES = 10;
/** if it stays like that for so long a time: connections that break all at once, as at a restart, are no outage. */
const SUSTAINED_MS = 1000;
/** What is told to whoever comes while the deciding question is under way. */
const DECIDING_MS = 1000;

/** A breaker that is closed. Any number of sources may be guarded by it, as long as they are one upstream. */
export function createBreaker({ openMs, now, observe }: BreakerOptions): Breaker {
  let state: BreakerState = 'closed';
  let openedAtMs = 0;
  let isDeciding = false;
  /** When each of the latest outcomes failed; null for one that did not. */
  let outcomes: (number | null)[] = [];
  /**
   * The first failure of the outage that the latest outcomes show; null while they show none. Kept apart from them, as at
   * a high rate the latest outcomes reach back some milliseconds only.
   */
  let failingSinceMs: number | null = null;
  /** Counts the changes, so that what began before one cannot bring about another. */
  let period = 0;

  const change = (next: BreakerState) => {
    state = next;
    period += 1;
    outcomes = [];
    failingSinceMs = null;
    isDeciding = next === 'half-open';
    if (next === 'open') openedAtMs = now();
    observe({ kind: 'breaker', state: next });
  };

  const hasSustainedFailures = (): boolean => {
    const failures = outcomes.filter((at) => at !== null);
    // After a pause that long another outage begins: what failed before is no part of it.
    const began = failures.findLast((at, i) => at - (failures[i - 1] ?? Number.NEGATIVE_INFINITY) >= SUSTAINED_MS);
    failingSinceMs = failures.length < MOST_FAILURES ? null : (failingSinceMs ?? began ?? null);
    return failingSinceMs !== null && now() - failingSinceMs >= SUSTAINED_MS;
  };

  const admit = () => {
    if (state === 'closed') return;
    const leftMs = state === 'open' ? openedAtMs + openMs - now() : 0;
    if (leftMs > 0) throw new CircuitOpenError(leftMs);
    if (isDeciding) throw new CircuitOpenError(DECIDING_MS);
    if (state === 'open') change('half-open');
    isDeciding = true;
  };

  const settle = (began: number, verdict: Verdict) => {
    if (began !== period) return;
    if (state === 'half-open') {
      if (verdict === 'none') isDeciding = false;
      else change(verdict === 'alive' ? 'closed' : 'open');
    } else if (verdict !== 'none') {
      outcomes = [...outcomes, verdict === 'failed' ? now() : null].slice(-LATEST);
      const isSustained = hasSustainedFailures();
      if (verdict === 'failed' && isSustained) change('open');
    }
  };

  return {
    state: () => (state === 'open' && now() - openedAtMs >= openMs ? 'half-open' : state),
    guard: (source) => ({
      async list(query, caller, request) {
        request.signal.throwIfAborted();
        admit();
        const began = period;
        try {
          const page = await source.list(query, caller, request);
          settle(began, 'alive');
          return page;
        } catch (error) {
          settle(began, errorToVerdict(error));
          throw error;
        }
      },
    }),
  };
}

/** What an outcome says of upstream. */
type Verdict = 'alive' | 'failed' | 'none';

/** Whoever says no, or "not so often", is there; a question that nobody waited for says nothing. */
function errorToVerdict(error: unknown): Verdict {
  if (!(error instanceof UpstreamError) || error instanceof IdentityError) return 'none';
  if (error.code === 'UPSTREAM_UNAVAILABLE' || error.code === 'UPSTREAM_TIMEOUT') return 'failed';
  return error.upstream.status === undefined ? 'none' : 'alive';
}
