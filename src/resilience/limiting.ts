import PQueue from 'p-queue';
import { UpstreamError } from '../image/errors.ts';
import type { ImageSource } from '../image/source.ts';

export interface LimitOptions {
  /** Most questions that are with the source at once. */
  readonly maxConcurrent: number;
  /** Most questions that wait for their turn. */
  readonly maxQueued: number;
}

/**
 * Lets so many questions through at once and the others wait, first come first served. Rejects with `OVERLOADED` at once
 * where too many wait already; one that aborts leaves its place at once.
 */
export function limiting(source: ImageSource, { maxConcurrent, maxQueued }: LimitOptions): ImageSource {
  const queue = new PQueue({ concurrency: maxConcurrent });
  return {
    async list(query, caller, request) {
      if (queue.pending >= maxConcurrent && queue.size >= maxQueued) throw new UpstreamError('OVERLOADED');
      return queue.add(() => source.list(query, caller, request), { signal: request.signal });
    },
  };
}
