import { UpstreamError } from '../image/errors.ts';
import type { Observe } from '../image/events.ts';
import type { AnswerHead } from './failure.ts';

export interface AttemptObserver {
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly observe: Observe;
}

/** For a client that nobody watches. */
export const unobserved: AttemptObserver = { now: () => 0, observe: () => {} };

/**
 * Makes one request to upstream and tells how it ended; what it gives or throws is what the request did. The request
 * tells the head of its answer as soon as that is there.
 */
export async function observeAttempt<T>(
  requestId: string,
  { now, observe }: AttemptObserver,
  attempt: (tellHead: (head: AnswerHead) => void) => Promise<T>,
): Promise<T> {
  const startedMs = now();
  let head: Partial<AnswerHead> = {};
  const tell = (outcome: 'ok' | 'aborted' | UpstreamError['code']) =>
    observe({
      kind: 'attempt',
      requestId,
      outcome,
      status: head.status ?? null,
      durationMs: now() - startedMs,
      upstreamRequestId: head.requestId ?? null,
    });
  try {
    const answer = await attempt((arrived) => {
      head = arrived;
    });
    tell('ok');
    return answer;
  } catch (error) {
    // The body may have told more.
    if (error instanceof UpstreamError) head = { ...head, ...error.upstream };
    tell(error instanceof UpstreamError ? error.code : 'aborted');
    throw error;
  }
}
