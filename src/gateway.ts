import { readdirSync, readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { cachePages } from './cache/page-cache.ts';
import { shareFlights } from './cache/single-flight.ts';
import { type Config, ConfigError, type UpstreamConfig } from './config.ts';
import { generateCatalogue } from './embedded/generate.ts';
import { createEmbeddedIms } from './embedded/server.ts';
import type { ImageSource } from './image/source.ts';
import { type Breaker, createBreaker } from './resilience/breaker.ts';
import { limiting } from './resilience/limiting.ts';
import { createRetryBudget } from './resilience/retry-budget.ts';
import { retrying } from './resilience/retrying.ts';
import { wait } from './resilience/wait.ts';
import { withinDeadline } from './resilience/within-deadline.ts';
import type { CallerPolicy } from './server/caller.ts';
import { subgraphSchema } from './schema/index.ts';
import { createHealthMount } from './server/health.ts';
import { listenOn } from './server/listen.ts';
import { createMetricsMount, createMetricsServer, METRICS_PATH } from './server/metrics-mount.ts';
import type { Mount } from './server/mount.ts';
import type { ExampleOperation } from './server/graphiql-page.ts';
import { createReadiness } from './server/readiness.ts';
import { createGraphqlServer, GRAPHQL_PATH, type ServerOptions } from './server/server.ts';
import { readTrustedDocuments } from './server/trusted-documents.ts';
import { createUpstreamProbe } from './server/upstream-probe.ts';
import type { ObserveGateway } from './telemetry/event.ts';
import type { CacheSize } from './telemetry/metrics.ts';
import { startTelemetry } from './telemetry/telemetry.ts';
import { createImsClient } from './upstream/client.ts';
import { createAuthentication } from './upstream/create-authentication.ts';
import { type Credentials, credentialsToKey } from './upstream/credentials/credentials.ts';

/** A gateway that listens. */
export interface Gateway {
  /** Scheme, host and port. */
  readonly url: string;
  /** Where GraphQL is served, and GraphiQL to browsers. */
  readonly graphqlUrl: string;
  /** Where metrics are served; null where they are not. */
  readonly metricsUrl: string | null;
  /** Stops listening, lets requests in flight finish, then closes what is upstream of them. */
  close(): Promise<void>;
}

/** What the process lends the gateway. */
export interface Surroundings {
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** A wall clock in milliseconds since 1970; what signatures and tokens are dated by. */
  readonly wallNow: () => number;
  /** A number from 0 on and below 1. */
  readonly random: () => number;
  /** An id that no other request has. */
  readonly newRequestId: () => string;
  readonly log: Logger;
  /** Is told what operators are told, as it happens. Default: nobody is. */
  readonly observe?: ObserveGateway;
}

/** Longest wait for requests in flight when the gateway closes. */
const CLOSE_GRACE_MS = 20_000;

/** Retries are at most a fifth of the questions, and ten beyond: an outage makes a fifth more requests, not a multiple. */
const RETRY_BUDGET = { ratio: 0.2, reserve: 10 };

/** Puts the gateway together; resolves once it listens, rejects if the address cannot be had. */
export async function startGateway(config: Config, surroundings: Surroundings): Promise<Gateway> {
  const { now, wallNow, newRequestId, log, random } = surroundings;
  const parts: Array<{ close(): Promise<void> }> = [];
  const opened = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    parts.push(part);
    return part;
  };
  const closeAll = async () => {
    for (const part of parts.toReversed()) await part.close();
  };
  try {
    const trustedDocuments = loadTrustedDocuments(config.trustedDocuments);
    const telemetry = opened(await startTelemetry({ log, ...config }));
    const upstream = opened(await startUpstream(config.upstream, wallNow));
    const { observe, interceptors, metrics } = telemetry;
    if (surroundings.observe !== undefined) telemetry.watch(surroundings.observe);
    const { deadlineMs, breakerOpenMs: openMs } = config.resilience;
    const proving = { ...config.client, deadlineMs, now, wallNow, observe };
    const authentication = createAuthentication(config.credentials, proving);
    const { endpoint } = upstream;
    const client = opened(
      createImsClient({ ...config.client, endpoint, interceptors }, authentication, { now, observe }),
    );
    const callers = credentialsToCallers(config.credentials);
    const probe = createUpstreamProbe(client, callers, newRequestId);
    const readiness = createReadiness({ ...probe, now, wallNow });
    telemetry.watch(readiness.observe);
    const breaker = createBreaker({ openMs, now, observe });
    const watchCache = (size: () => CacheSize) => metrics?.watchCache(size);
    const ownMetrics =
      metrics === null || config.metricsPort === null
        ? null
        : await listenOn(createMetricsServer(metrics, config.http, newRequestId), config.host, config.metricsPort);
    if (ownMetrics !== null) opened({ close: () => ownMetrics.close(0, 0) });
    const server = createGraphqlServer({
      source: inLayers(client, breaker, config, { now, random, observe, watchCache }),
      callers,
      unsupportedParameters: config.unsupportedParameters,
      graphiql: config.graphiql ? readExamples() : null,
      introspection: config.introspection,
      corsOrigins: config.corsOrigins,
      trustedDocuments,
      apqMaxBytes: config.apqMaxBytes,
      compression: config.compression,
      maxRequestBytes: config.maxRequestBytes,
      http: config.http,
      rateLimitPerMinute: config.rateLimitPerMinute,
      scanMaxWindows: config.scanMaxWindows,
      mounts: [
        createHealthMount(readiness),
        ...(metrics === null || ownMetrics !== null ? [] : [createMetricsMount(metrics)]),
        ...upstream.mounts,
      ],
      newRequestId,
      now,
      observe,
      trace: telemetry.within,
      log,
    });
    const listener = await listenOn(server, config.host, config.port);
    opened({ close: () => listener.close(config.shutdownDelayMs, CLOSE_GRACE_MS) });
    return {
      url: listener.url,
      graphqlUrl: `${listener.url}${GRAPHQL_PATH}`,
      metricsUrl: metrics === null ? null : `${(ownMetrics ?? listener).url}${METRICS_PATH}`,
      close: async () => {
        readiness.stop();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** With credentials of the gateway's own, all callers see the same: to every cache they are one. */
const credentialsToCallers = (credentials: Credentials): CallerPolicy =>
  credentials.kind === 'forwarded' ? credentials : { kind: 'own', key: credentialsToKey(credentials) };

type Layer = (source: ImageSource) => ImageSource;

interface LayerSurroundings extends Pick<Surroundings, 'now' | 'random'> {
  readonly observe: ObserveGateway;
  /** Is told of the cache, where there is one. */
  readonly watchCache: (size: () => CacheSize) => void;
}

/** The client as the server sees it: what a question meets, in this order, on its way to upstream. */
function inLayers(
  client: ImageSource,
  breaker: Breaker,
  { cache, resilience }: Config,
  { now, random, observe, watchCache }: LayerSurroundings,
): ImageSource {
  const budget = createRetryBudget(RETRY_BUDGET);
  const keepPages: Layer = (source) => {
    const pages = cachePages(source, { ...cache, now, observe });
    watchCache(() => pages.size());
    return pages;
  };
  const layers: readonly Layer[] = [
    (source) => shareFlights(source, observe),
    // Above the deadline: a refresh that nobody waits for is bounded like every question.
    (source) => (cache.freshMs === 0 ? source : keepPages(source)),
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

interface Upstream {
  readonly endpoint: string;
  /** What is also served on the gateway's own port. */
  readonly mounts: readonly Mount[];
  close(): Promise<void>;
}

async function startUpstream(upstream: UpstreamConfig, wallNow: () => number): Promise<Upstream> {
  if (upstream.kind === 'cloud') return { endpoint: upstream.endpoint, mounts: [], close: async () => {} };
  const { generatedImages: size } = upstream;
  const catalogue = size === null ? {} : { catalogue: generateCatalogue({ seed: 1, size }) };
  const embedded = createEmbeddedIms({ ...catalogue, wallNow });
  const { url } = await embedded.listen();
  return { endpoint: url, mounts: [embedded], close: () => embedded.close() };
}

/** The documents of the operator's manifest. Throws a `ConfigError` that names the variable where it cannot be used. */
function loadTrustedDocuments(config: Config['trustedDocuments']): ServerOptions['trustedDocuments'] {
  if (config === null) return null;
  const { path, setting, only } = config;
  try {
    return { documents: readTrustedDocuments(readFileSync(path, 'utf8'), subgraphSchema), only };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`${setting}: ${problem}`]);
  }
}

/** The operations of examples/operations, in the order of their file names. */
function readExamples(): ExampleOperation[] {
  const folder = new URL('../examples/operations/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return files.toSorted().map((file) => ({ query: readFileSync(new URL(file, folder), 'utf8') }));
}
