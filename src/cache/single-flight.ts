import type { Observe } from '../image/events.ts';
import type { ImagePage, ImageSource } from '../image/source.ts';
import { unlessAborted } from '../image/unless-aborted.ts';
import type { PageCache } from './page-cache.ts';

interface Flight {
  /**
   * Null once it has landed. A map whose entries come and go leaves its outgrown tables behind, the next one held by the
   * one before, until the next full collection; they must not hold pages.
   */
  page: Promise<ImagePage> | null;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Joins simultaneous equal questions of one caller into one. A waiter that aborts leaves the others alone; when the last
 * one has left, the question itself is aborted. What `kept` has fresh is given without a flight; default: nothing.
 */
export function shareFlights(
  source: ImageSource,
  observe: Observe,
  kept: Pick<PageCache, 'fresh'> = { fresh: () => null },
): ImageSource {
  const flights = new Map<string, Flight>();

  const depart = (key: string, start: (signal: AbortSignal) => Promise<ImagePage>) => {
    const controller = new AbortController();
    const page = start(controller.signal).finally(() => {
      flight.page = null;
      if (flights.get(key) === flight) flights.delete(key);
    });
    const flight: Flight = { page, controller, waiting: 0 };
    flights.set(key, flight);
    return { flight, landing: page };
  };

  return {
    async list(query, caller, request) {
      const { signal } = request;
      signal.throwIfAborted();
      const fresh = kept.fresh(query, caller, request.id);
      if (fresh !== null) return fresh instanceof Promise ? unlessAborted(fresh, signal) : fresh;
      const key = `${caller.key} ${query}`;
      const known = flights.get(key);
      const joined = known?.page ? { flight: known, landing: known.page } : null;
      if (joined !== null) observe({ kind: 'cache', requestId: request.id, result: 'joined' });
      const { flight, landing } =
        joined ?? depart(key, (own) => source.list(query, caller, { ...request, signal: own }));
      flight.waiting += 1;
      try {
        const page = await unlessAborted(landing, signal);
        return joined === null ? page : { ...page, requests: 0 };
      } finally {
        flight.waiting -= 1;
        if (flight.waiting === 0 && flights.get(key) === flight) {
          flights.delete(key);
          flight.controller.abort();
        }
      }
    },
  };
}
