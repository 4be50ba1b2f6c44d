import type { ErrorCode } from './errors.ts';

/** What happens between a question and its answer, told as it happens so that metrics, logs and traces can be made of it. */
export type SourceEvent =
  /** One HTTP request to the image service has ended; `status` is null where no answer arrived. */
  | {
      readonly kind: 'attempt';
      readonly requestId: string;
      readonly outcome: 'ok' | 'aborted' | ErrorCode;
      readonly status: number | null;
      /** From the first wait for a connection to the last byte. */
      readonly durationMs: number;
      /** Upstream's own id of the request, where it gave one. */
      readonly upstreamRequestId: string | null;
    }
  /** A failed attempt will be followed by another one. */
  | { readonly kind: 'retry'; readonly requestId: string; readonly code: ErrorCode; readonly delayMs: number }
  /** Where a question's answer comes from: kept and fresh, kept and stale, one that was already on its way, or upstream. */
  | { readonly kind: 'cache'; readonly requestId: string; readonly result: 'fresh' | 'stale' | 'joined' | 'miss' }
  /** The circuit breaker has changed. */
  | { readonly kind: 'breaker'; readonly state: 'closed' | 'half-open' | 'open' }
  /** The gateway's own token was fetched, or could not be. */
  | { readonly kind: 'token'; readonly outcome: 'renewed' | ErrorCode };

/** Takes events. Must not throw. */
export type Observe = (event: SourceEvent) => void;
