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
 * where too many wait already; one that aborts leaves its place in the queue at once.
 */
export function limiting(source: ImageSource, { maxConcurrent, maxQueued }: LimitOptions): ImageSource {
  /** Places that are taken. */
  let taken = 0;
  /** Those who wait, each by what gives it a place; in the order in which they came. */
  const queue = new Set<() => void>();

  const waitForPlace = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = () => {
        queue.delete(take);
        reject(signal.reason);
      };
      const take = () => {
        queue.delete(take);
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.add(take);
    });

  /** Gives a place that has become free to who has waited longest. */
  const leavePlace = () => {
    const [next] = queue;
    if (next === undefined) taken -= 1;
    else next();
  };

  return {
    async list(query, caller, request) {
      request.signal.throwIfAborted();
      if (taken < maxConcurrent) taken += 1;
      else if (queue.size < maxQueued) await waitForPlace(request.signal);
      else throw new UpstreamError('OVERLOADED');
      try {
        return await source.list(query, caller, request);
      } finally {
        leavePlace();
      }
    },
  };
}
