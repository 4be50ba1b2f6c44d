import { expect } from 'vitest';
import type { ImageQuery } from '../../src/image/query-string.ts';
import type { Caller, ImagePage, ImageSource, SourceRequest } from '../../src/image/source.ts';

/** A question that reached a source, and the means to end it. */
export interface RecordedQuestion {
  readonly query: ImageQuery;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  succeed(page: ImagePage): void;
  fail(error: Error): void;
}

export interface RecordedSource extends ImageSource {
  /** Every question so far. */
  readonly questions: readonly RecordedQuestion[];
}

/** A source that answers when a test says so, and rejects a question whose signal aborts. */
export function recordSource(): RecordedSource {
  const questions: RecordedQuestion[] = [];
  return {
    questions,
    list(query, caller, { signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<ImagePage>();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      questions.push({ query, caller, signal, succeed: resolve, fail: reject });
      return promise;
    },
  };
}

/** A page of one image. */
export const pageOf = (id: string, sizeBytes = 100): ImagePage => ({ images: [{ id }], sizeBytes, requests: 1 });

/** A request that somebody waits for until `signal` aborts. */
export const requestWith = (signal: AbortSignal = new AbortController().signal): SourceRequest => ({
  id: 'request-1',
  signal,
});

/** A page as a cache gives it while it is fresh. */
export const fresh = (page: Omit<ImagePage, 'requests'>) => ({
  ...page,
  requests: 0,
  isCurrent: expect.any(Function),
});
