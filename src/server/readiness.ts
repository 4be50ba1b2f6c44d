import { UpstreamError } from '../image/errors.ts';
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
  /** Takes note of what real requests find out. */
  readonly observe: ObserveGateway;
  /** From now on the answer is `stopping`. */
  stop(): void;
}

export interface ReadinessOptions {
  /** Asks upstream for little; rejects with an `UpstreamError` that says why not. */
  readonly probe: (signal: AbortSignal) => Promise<unknown>;
  /** Codes that say that upstream is there and can serve, if not this asker. */
  readonly answersOfLife: ReadonlySet<string>;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Wall clock, in milliseconds since 1970. */
  readonly wallNow: () => number;
}

/** How long a finding is used again, and the least time between two looks. */
const FRESH_MS = 5000;
/** Longest wait for upstream. */
const PROBE_TIMEOUT_MS = 2000;

/** Knows whether upstream serves: from real requests, and where there are none, by asking, one question at a time. */
export function createReadiness({ probe, answersOfLife, now, wallNow }: ReadinessOptions): Readiness {
  let isStopping = false;
  let upstream: ReadinessState['upstream'] = { state: 'unknown', since: new Date(wallNow()).toISOString() };
  let foundAt = Number.NEGATIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;

  const find = (outcome: string): void => {
    const isUp = outcome === 'ok' || answersOfLife.has(outcome);
    const state = isUp ? 'up' : 'down';
    const since = upstream.state === state ? upstream.since : new Date(wallNow()).toISOString();
    upstream = { state, ...(isUp ? {} : { code: outcome }), since };
    foundAt = now();
  };

  const look = async (): Promise<void> => {
    lookedAt = now();
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new UpstreamError('UPSTREAM_TIMEOUT')), PROBE_TIMEOUT_MS);
    try {
      await probe(controller.signal);
      find('ok');
    } catch (error) {
      find(error instanceof UpstreamError ? error.code : 'INTERNAL_SERVER_ERROR');
    } finally {
      clearTimeout(timer);
      looking = null;
    }
  };

  return {
    async check() {
      if (looking === null && now() - Math.max(foundAt, lookedAt) >= FRESH_MS) looking = look();
      if (!isStopping) await looking;
      if (isStopping) return { status: 'stopping', upstream };
      return { status: upstream.state === 'up' ? 'ready' : 'not ready', upstream };
    },
    observe(event) {
      // One failure of many requests proves little; it is looked into when somebody asks.
      if (event.kind !== 'attempt') return;
      if (event.outcome === 'ok' || answersOfLife.has(event.outcome)) find(event.outcome);
      else if (event.outcome !== 'aborted' && upstream.state === 'up') foundAt = Number.NEGATIVE_INFINITY;
    },
    stop() {
      isStopping = true;
    },
  };
}
