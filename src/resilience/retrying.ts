import { CircuitOpenError, type ErrorCode, UpstreamError } from '../image/errors.ts';
import type { Observe } from '../image/events.ts';
import type { ImageSource } from '../image/source.ts';
import { backoffMs } from './backoff.ts';
import type { RetryBudget } from './retry-budget.ts';

export interface RetryOptions {
  /** Most attempts after the first one. */
  readonly maxRetries: number;
  readonly budget: RetryBudget;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** A number from 0 on and below 1. */
  readonly random: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason once that aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly observe: Observe;
}

/**
 * Asks again where another attempt can help: after a pause, within the question's own time and the budget. Rejects with
 * the last failure, at once where the pause would not leave time.
 */
export function retrying(source: ImageSource, options: RetryOptions): ImageSource {
  const { maxRetries, budget, now, random, wait, observe } = options;
  return {
    async list(query, caller, request) {
      budget.earn();
      for (let attempts = 1; ; attempts += 1) {
        try {
          const page = await source.list(query, caller, request);
          return attempts === 1 ? page : { ...page, requests: page.requests + attempts - 1 };
        } catch (error) {
          request.signal.throwIfAborted();
          if (attempts > maxRetries || !isWorthAnotherAttempt(error)) throw error;
          const delayMs = backoffMs(attempts, error.retryAfterMs, random);
          if (now() + delayMs >= (request.endsAtMs ?? Number.POSITIVE_INFINITY) || !budget.spend()) throw error;
          observe({ kind: 'retry', requestId: request.id, code: error.code, delayMs });
          await wait(delayMs, request.signal);
        }
      }
    },
  };
}

const passing: ReadonlySet<ErrorCode> = new Set(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_THROTTLED']);

/** No answer, a 200 that broke off, or an answer that says "later". An answer that cannot be read would be the same again. */
const passingStatuses: ReadonlySet<number | undefined> = new Set([undefined, 200, 429, 500, 502, 503, 504]);

const isWorthAnotherAttempt = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError &&
  !(error instanceof CircuitOpenError) &&
  passing.has(error.code) &&
  passingStatuses.has(error.upstream.status);
