import type { ImageSource } from '../image/source.ts';
import { withDeadline } from '../image/with-deadline.ts';

export interface DeadlineOptions {
  /** Longest time for a whole question: every attempt, and every wait between and before them. */
  readonly deadlineMs: number;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Rejects a question with `UPSTREAM_TIMEOUT` after `deadlineMs`, whether the source takes notice or not, and aborts it.
 * Tells the source until when there is time.
 */
export const withinDeadline = (source: ImageSource, { deadlineMs, now }: DeadlineOptions): ImageSource => ({
  list: (query, caller, request) =>
    withDeadline(deadlineMs, request.signal, (signal) =>
      source.list(query, caller, { ...request, signal, endsAtMs: now() + deadlineMs }),
    ),
});
