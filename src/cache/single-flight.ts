import type { Observe } from '../image/events.ts';
import type { ImagePage, ImageSource } from '../image/source.ts';
import { unlessAborted } from '../image/unless-aborted.ts';
import type { PageCache } from './page-cache.ts';

interface Flight {
  readonly page: Promise<ImagePage>;
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

  const depart = (key: string, start: (signal: AbortSignal) => Promise<ImagePage>): Flight => {
    const controller = new AbortController();
    const page = start(controller.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    const flight: Flight = { page, controller, waiting: 0 };
    flights.set(key, flight);
    return flight;
  };

  return {
    async list(query, caller, request) {
      const { signal } = request;
      signal.throwIfAborted();
      const fresh = kept.fresh(query, caller, request.id);
      if (fresh !== null) return fresh;
      const key = `${caller.key} ${query}`;
      const joined = flights.get(key);
      if (joined !== undefined) observe({ kind: 'cache', requestId: request.id, result: 'joined' });
      const flight = joined ?? depart(key, (own) => source.list(query, caller, { ...request, signal: own }));
      flight.waiting += 1;
      try {
        const page = await unlessAborted(flight.page, signal);
        return joined === undefined ? page : { ...page, requests: 0 };
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
