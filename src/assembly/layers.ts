import { cachePages } from '../cache/page-cache.ts';
import { shareFlights } from '../cache/single-flight.ts';
import type { Config } from '../config.ts';
import type { ImageSource } from '../image/source.ts';
import { createBreaker } from '../resilience/breaker.ts';
import { limiting } from '../resilience/limiting.ts';
import { createRetryBudget } from '../resilience/retry-budget.ts';
import { retrying } from '../resilience/retrying.ts';
import { wait } from '../resilience/wait.ts';
import { withinDeadline } from '../resilience/within-deadline.ts';
import type { ObserveGateway } from '../telemetry/event.ts';
import type { CacheSize } from '../telemetry/metrics.ts';

/** Retries are at most a fifth of the questions, and ten beyond: an outage makes a fifth more requests, not a multiple. */
const RETRY_BUDGET = { ratio: 0.2, reserve: 10 };

type Layer = (source: ImageSource) => ImageSource;

export interface LayerTools {
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** A number from 0 on and below 1. */
  readonly random: () => number;
  readonly observe: ObserveGateway;
  /** Is told of the cache, where there is one. */
  readonly watchCache: (size: () => CacheSize) => void;
}

/** The client as the server sees it: what a question meets, in this order, on its way to upstream. */
export function inLayers(
  client: ImageSource,
  { cache, resilience }: Config,
  { now, random, observe, watchCache }: LayerTools,
): ImageSource {
  const budget = createRetryBudget(RETRY_BUDGET);
  const breaker = createBreaker({ openMs: resilience.breakerOpenMs, now, observe });
  const keepPages: Layer = (source) => {
    const pages = cachePages(source, { ...cache, now, observe });
    watchCache(() => pages.size());
    return shareFlights(pages, observe, pages);
  };
  const layers: readonly Layer[] = [
    // Above the deadline: a refresh that nobody waits for is bounded like every question.
    (source) => (cache.freshMs === 0 ? shareFlights(source, observe) : keepPages(source)),
    (source) => withinDeadline(source, { ...resilience, now }),
    // Above the limit: a pause before another attempt takes nobody's place.
    (source) => retrying(source, { ...resilience, budget, now, random, wait, observe }),
    // Above the breaker: what waits is judged when its turn comes, so a breaker that opens empties the queue at once. There
    // is a place then, that of the failure which opened it.
    (source) => limiting(source, resilience),
    (source) => (resilience.breakerOpenMs === 0 ? source : breaker.guard(source)),
  ];
  return layers.reduceRight((source, layer) => layer(source), client);
}
