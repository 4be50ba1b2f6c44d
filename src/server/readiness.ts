import { type ErrorCode, UpstreamError } from '../image/errors.ts';
import type { ObserveGateway } from '../telemetry/event.ts';

/** Whether the gateway can serve; only facts that anybody may read. */
export interface ReadinessState {
  readonly status: 'ready' | 'not ready' | 'stopping';
  readonly upstream: {
    readonly state: 'up' | 'down' | 'unknown';
    /** The error code of the last look, where upstream is down. */
    readonly code?: string;
    /** Since when upstream is in this state, as far as is known. */
    readonly since: string;
  };
}

export interface Readiness {
  check(): Promise<ReadinessState>;
  /** Takes note of what real requests find out, and of the circuit breaker. */
  readonly observe: ObserveGateway;
  /** From now on the answer is `stopping`. */
  stop(): void;
}

export interface ReadinessOptions {
  /** Asks upstream for little; rejects with an `UpstreamError` that says why not. */
  readonly probe: (signal: AbortSignal) => Promise<unknown>;
  /** Codes that say that upstream is there and can serve, if not this asker. */
  readonly answersOfLife: ReadonlySet<string>;
  /** How long an open breaker lets no question through. */
  readonly breakerOpenMs: number;
  /** Longest time for the question that decides after that. */
  readonly deadlineMs: number;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Wall clock, in milliseconds since 1970. */
  readonly wallNow: () => number;
}

/** How long a finding is used again, and the least time between two looks. */
const FRESH_MS = 5000;
/** Longest wait for upstream. */
const PROBE_TIMEOUT_MS = 2000;
/** What questions are told while the breaker is open. */
const OPEN: ErrorCode = 'UPSTREAM_UNAVAILABLE';

/**
 * Knows whether upstream serves: from the breaker while that is not closed, else from real requests, and where there are
 * none, by asking, one question at a time.
 */
export function createReadiness(options: ReadinessOptions): Readiness {
  const { probe, answersOfLife, breakerOpenMs, deadlineMs, now, wallNow } = options;
  let isStopping = false;
  let upstream: ReadinessState['upstream'] = { state: 'unknown', since: new Date(wallNow()).toISOString() };
  let foundAt = Number.NEGATIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  /**
   * Until when the breaker alone knows. It closes by a question only, and a gateway that is not ready may be sent none:
   * once the time is over in which one would decide, a probe tells again.
   */
  let brokenUntil = Number.NEGATIVE_INFINITY;

  const find = (outcome: string): void => {
    const isUp = outcome === 'ok' || answersOfLife.has(outcome);
    const state = isUp ? 'up' : 'down';
    const since = upstream.state === state ? upstream.since : new Date(wallNow()).toISOString();
    upstream = { state, ...(isUp ? {} : { code: outcome }), since };
    foundAt = now();
  };

  const isBroken = () => now() < brokenUntil;

  const look = async (): Promise<void> => {
    lookedAt = now();
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new UpstreamError('UPSTREAM_TIMEOUT')), PROBE_TIMEOUT_MS);
    try {
      const outcome = await probe(controller.signal).then(() => 'ok', errorToOutcome);
      if (!isBroken()) find(outcome);
    } finally {
      clearTimeout(timer);
      looking = null;
    }
  };

  return {
    async check() {
      const isDue = !isBroken() && now() - Math.max(foundAt, lookedAt) >= FRESH_MS;
      if (isDue) looking ??= look();
      if (!isStopping) await looking;
      if (isStopping) return { status: 'stopping', upstream };
      return { status: upstream.state === 'up' ? 'ready' : 'not ready', upstream };
    },
    observe(event) {
      if (event.kind === 'breaker') {
        const isOver = event.state === 'closed';
        find(isOver ? 'ok' : OPEN);
        brokenUntil = isOver ? Number.NEGATIVE_INFINITY : now() + (event.state === 'open' ? breakerOpenMs : deadlineMs);
      }
      // One failure of many requests proves little; it is looked into when somebody asks.
      if (event.kind !== 'attempt' || isBroken()) return;
      if (event.outcome === 'ok' || answersOfLife.has(event.outcome)) find(event.outcome);
      else if (event.outcome !== 'aborted' && upstream.state === 'up') foundAt = Number.NEGATIVE_INFINITY;
    },
    stop() {
      isStopping = true;
    },
  };
}

const errorToOutcome = (error: unknown): string =>
  error instanceof UpstreamError ? error.code : 'INTERNAL_SERVER_ERROR';
