import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AnsweredRequest, ObserveGateway } from './event.ts';
import { boundedNames } from './bounded-names.ts';

/** Most operation names that are told apart; clients choose them, and each one costs memory here and in Prometheus. */
export const MAX_OPERATIONS = 100;

/** How full a cache is. */
export interface CacheSize {
  readonly pages: number;
  readonly bytes: number;
}

/** How many finished responses are kept, and how much memory they take. */
export interface RenderedSize {
  readonly responses: number;
  readonly bytes: number;
}

/** How many images are known, and how many bytes they count as. */
export interface KnownImagesSize {
  readonly images: number;
  readonly bytes: number;
}

export interface Metrics {
  readonly observe: ObserveGateway;
  /** From now on also tells how full a cache is. */
  watchCache(size: () => CacheSize): void;
  /** From now on also tells how many finished responses are kept. */
  watchRendered(size: () => RenderedSize): void;
  /** From now on also tells how many images are known. */
  watchKnownImages(size: () => KnownImagesSize): void;
  /** All metrics in the text format of Prometheus. */
  print(): Promise<string>;
  readonly contentType: string;
  /** Every metric by name, with its type as Prometheus calls it. */
  list(): readonly { readonly name: string; readonly type: string }[];
}

/** Requests that are not in their counter yet. */
interface Answered {
  readonly labels: { readonly operation: string; readonly code: string };
  count: number;
}

/** From what a cache answers to the longest wait for upstream. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

const breakerStates = ['closed', 'half-open', 'open'] as const;

const noCache = (): CacheSize => ({ pages: 0, bytes: 0 });
const noKnownImages = (): KnownImagesSize => ({ images: 0, bytes: 0 });
const noRendered = (): RenderedSize => ({ responses: 0, bytes: 0 });

/** Counts events in a registry of its own, beside what Node tells of the process. */
export function createMetrics(): Metrics {
  let cacheSize = noCache;
  let renderedSize = noRendered;
  let knownImagesSize = noKnownImages;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  // What every request changes is only added up here, and told when somebody looks.
  const answered = new Map<string, Answered>();
  let rendered = 0;
  let inFlight = 0;
  const requests = new Counter({
    name: 'gateway_requests_total',
    help: 'GraphQL requests by operation and by the code of their first error, OK without one.',
    labelNames: ['operation', 'code'],
    registers,
    collect() {
      for (const { labels, count } of answered.values()) requests.inc(labels, count);
      answered.clear();
    },
  });
  const renderedRequests = new Counter({
    name: 'gateway_rendered_requests_total',
    help: 'GraphQL requests whose answer was a finished response, sent again as it was.',
    registers,
    collect() {
      renderedRequests.inc(rendered);
      rendered = 0;
    },
  });
  const requestSeconds = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'Time from the head of a GraphQL request to the end of its answer.',
    labelNames: ['operation'],
    buckets,
    registers,
  });
  const attemptSeconds = new Histogram({
    name: 'gateway_upstream_request_duration_seconds',
    help: 'Upstream requests by outcome: ok, aborted, or the code of the error.',
    labelNames: ['outcome'],
    buckets,
    registers,
  });
  const retries = new Counter({
    name: 'gateway_upstream_retries_total',
    help: 'Upstream requests that were made again, by the code of the failure before.',
    labelNames: ['code'],
    registers,
  });
  const cacheResults = new Counter({
    name: 'gateway_cache_results_total',
    help: 'Questions by where their answer came from: fresh, stale, joined, miss.',
    labelNames: ['result'],
    registers,
  });
  const breaker = new Gauge({
    name: 'gateway_upstream_breaker_state',
    help: 'State of the circuit breaker: 1 at the present one of closed, half-open, open.',
    labelNames: ['state'],
    registers,
  });
  const showBreaker = (now: (typeof breakerStates)[number]) => {
    for (const state of breakerStates) breaker.set({ state }, state === now ? 1 : 0);
  };
  showBreaker('closed');
  const tokens = new Counter({
    name: 'gateway_token_renewals_total',
    help: 'Fetches of the own token of the gateway by outcome: renewed, or the code of the error.',
    labelNames: ['outcome'],
    registers,
  });
  const gaugeOf = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gaugeOf('gateway_requests_in_flight', 'GraphQL requests that are being answered.', () => inFlight);
  gaugeOf('gateway_cache_pages', 'Answers in the page cache.', () => cacheSize().pages);
  gaugeOf('gateway_cache_bytes', 'Bytes of answers in the page cache, as upstream sent them.', () => cacheSize().bytes);

  gaugeOf('gateway_rendered_responses', 'Finished responses that are kept.', () => renderedSize().responses);
  gaugeOf('gateway_rendered_bytes', 'Memory that they take.', () => renderedSize().bytes);

  gaugeOf('gateway_known_images', 'Images that need no parsing where they come again.', () => knownImagesSize().images);
  gaugeOf(
    'gateway_known_images_bytes',
    'Their bytes as upstream sent them, and 500 for each.',
    () => knownImagesSize().bytes,
  );

  const operationLabel = boundedNames(MAX_OPERATIONS);
  const countRequest = ({ operationName, operationType, codes, status, durationMs, ...more }: AnsweredRequest) => {
    const operation = operationType === null ? 'none' : operationLabel(operationName ?? 'anonymous');
    inFlight -= 1;
    if (more.rendered) rendered += 1;
    const code = codes[0] ?? (status === null ? 'ABORTED' : 'OK');
    const key = `${operation} ${code}`;
    const known = answered.get(key);
    if (known === undefined) answered.set(key, { labels: { operation, code }, count: 1 });
    else known.count += 1;
    requestSeconds.observe({ operation }, durationMs / 1000);
  };

  return {
    observe(event) {
      switch (event.kind) {
        case 'asked':
          inFlight += 1;
          return;
        case 'answered':
          return countRequest(event);
        case 'attempt':
          return attemptSeconds.observe({ outcome: event.outcome }, event.durationMs / 1000);
        case 'retry':
          return retries.inc({ code: event.code });
        case 'cache':
          return cacheResults.inc({ result: event.result });
        case 'breaker':
          return showBreaker(event.state);
        case 'token':
          return tokens.inc({ outcome: event.outcome });
      }
    },
    watchCache: (size) => {
      cacheSize = size;
    },
    watchRendered: (size) => {
      renderedSize = size;
    },
    watchKnownImages: (size) => {
      knownImagesSize = size;
    },
    print: () => registry.metrics(),
    contentType: registry.contentType,
    list: () => registry.getMetricsAsArray().map(toEntry),
  };
}

const toEntry = (metric: object & { readonly name: string }) => {
  if (metric instanceof Counter) return { name: metric.name, type: 'counter' };
  return { name: metric.name, type: metric instanceof Histogram ? 'histogram' : 'gauge' };
};
