import type { SourceEvent } from '../image/events.ts';

/** One GraphQL request, once its answer is out or its client is gone. Holds no credential, no query text, no variable. */
export interface AnsweredRequest {
  readonly kind: 'answered';
  readonly requestId: string;
  /** Of the operation that was executed; null where none was, or where it has no name. */
  readonly operationName: string | null;
  readonly operationType: 'query' | 'mutation' | 'subscription' | null;
  /** Null where the client left before its answer. */
  readonly status: number | null;
  /** The code of every error in the answer, each once. */
  readonly codes: readonly string[];
  /** The start of the caller's key; null where there is no caller. */
  readonly caller: string | null;
  readonly upstreamRequests: number;
  /** Whether the answer is a finished one that was sent again. */
  readonly rendered: boolean;
  readonly durationMs: number;
}

/** All that operators are told of: what befalls a request, and what goes on below it. */
export type GatewayEvent = SourceEvent | { readonly kind: 'asked' } | AnsweredRequest;

/** Takes events. Must not throw. */
export type ObserveGateway = (event: GatewayEvent) => void;
