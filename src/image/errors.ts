/** What a code means: whose fault it is in a sentence, and whether asking again unchanged can help. */
interface ErrorKind {
  readonly meaning: string;
  readonly retryable: boolean;
}

/** Every `extensions.code` that the gateway's own errors carry. The GraphQL server adds those of GraphQL over HTTP. */
export const errorKinds = {
  BAD_USER_INPUT: { meaning: 'An argument cannot be answered as it stands.', retryable: false },
  OPERATION_TOO_EXPENSIVE: { meaning: 'The operation asks for more than one operation may.', retryable: false },
  RATE_LIMITED: { meaning: 'The caller has asked too often; `Retry-After` says when to ask again.', retryable: true },
  SCAN_BUDGET_EXCEEDED: {
    meaning: 'The answer needs more of the list than one request may read. A narrower filter helps.',
    retryable: false,
  },
  PERSISTED_QUERY_NOT_FOUND: { meaning: 'No document is known by this hash or id; send its text.', retryable: false },
  PERSISTED_QUERY_MISMATCH: { meaning: 'The hash is not that of the text beside it.', retryable: false },
  PERSISTED_QUERY_NOT_SUPPORTED: { meaning: 'Automatic persisted queries are switched off.', retryable: false },
  DOCUMENT_NOT_TRUSTED: { meaning: 'Only documents of the operator’s manifest run, by their ids.', retryable: false },
  UNAUTHENTICATED: { meaning: 'The image service does not know the caller.', retryable: false },
  FORBIDDEN: { meaning: 'The caller may not list these images.', retryable: false },
  UPSTREAM_BAD_REQUEST: { meaning: 'The image service refused the query.', retryable: false },
  UPSTREAM_NOT_FOUND: { meaning: 'The image service has no such resource.', retryable: false },
  UPSTREAM_THROTTLED: { meaning: 'The image service limits how often it may be asked.', retryable: true },
  UPSTREAM_UNAVAILABLE: { meaning: 'The image service cannot be reached or failed.', retryable: true },
  UPSTREAM_TIMEOUT: { meaning: 'The image service did not answer in time.', retryable: true },
  OVERLOADED: { meaning: 'More questions wait for the image service than the gateway lets wait.', retryable: true },
  UPSTREAM_INVALID_RESPONSE: { meaning: 'The image service answered something that cannot be used.', retryable: false },
} as const satisfies Record<string, ErrorKind>;

/** A code of {@link errorKinds}. */
export type ErrorCode = keyof typeof errorKinds;

type UpstreamErrorCode = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'OVERLOADED' | Extract<ErrorCode, `UPSTREAM_${string}`>;

/** The caller asked for what cannot be answered; thrown before this field asks upstream. The message names all three parts. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code = 'BAD_USER_INPUT' satisfies ErrorCode;

  constructor(argument: string, expected: string, received: string) {
    super(`Argument "${argument}": expected ${expected}, but received ${received}.`);
  }
}

/** The list windows that one request may read ended before an answer could be right. */
export class ScanBudgetError extends Error {
  override readonly name = 'ScanBudgetError';
  readonly code = 'SCAN_BUDGET_EXCEEDED' satisfies ErrorCode;

  constructor(what: string, maxWindows: number) {
    super(
      `${what} needs more than the ${maxWindows} list windows that one request may read; narrow the filter, or ask for less at once.`,
    );
  }
}

/** What upstream said of its own failure; only these facts of its answer may reach a client. */
export interface UpstreamDetail {
  /** HTTP status, where an answer arrived at all. */
  readonly status?: number;
  /** Upstream's own error code, such as `IMG.0024` or `APIGW.0301`. */
  readonly code?: string;
  /** Upstream's own message, without credentials. */
  readonly message?: string;
  /** Upstream's request id, to quote to its support. */
  readonly requestId?: string;
}

/** Upstream did not give a usable answer. Carries no URL, header, body or credential. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code: UpstreamErrorCode;
  readonly upstream: UpstreamDetail;
  /** How long to wait before asking again, as upstream or the gateway's own breaker says; null where neither does. */
  readonly retryAfterMs: number | null;

  constructor(
    code: UpstreamErrorCode,
    message: string = errorKinds[code].meaning,
    upstream: UpstreamDetail = {},
    retryAfterMs: number | null = null,
  ) {
    super(message);
    this.code = code;
    this.upstream = upstream;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The identity service gave no token, so the image service was not asked: it says nothing of that one. */
export class IdentityError extends UpstreamError {}

/** The circuit breaker is open: upstream failed so often that it was not asked. Not worth a retry within one question. */
export class CircuitOpenError extends UpstreamError {
  constructor(retryAfterMs: number) {
    const message = 'The image service has failed again and again; it is not asked for some seconds.';
    super('UPSTREAM_UNAVAILABLE', message, {}, retryAfterMs);
  }
}
