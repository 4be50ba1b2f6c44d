import { readdirSync, readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { cachePages } from './cache/page-cache.ts';
import { shareFlights } from './cache/single-flight.ts';
import type { Config, UpstreamConfig } from './config.ts';
import { generateCatalogue } from './embedded/generate.ts';
import { createEmbeddedIms } from './embedded/server.ts';
import type { CallerPolicy } from './server/caller.ts';
import { createHealthMount } from './server/health.ts';
import { listenOn } from './server/listen.ts';
import { createMetricsMount, createMetricsServer, METRICS_PATH } from './server/metrics-mount.ts';
import type { Mount } from './server/mount.ts';
import type { ExampleOperation } from './server/plugins/use-graphiql.ts';
import { createReadiness } from './server/readiness.ts';
import { createGraphqlServer, GRAPHQL_PATH } from './server/server.ts';
import { createUpstreamProbe } from './server/upstream-probe.ts';
import { startTelemetry } from './telemetry/telemetry.ts';
import { createImsClient } from './upstream/client.ts';
import { createAuthentication } from './upstream/create-authentication.ts';
import { type Credentials, credentialsToKey } from './upstream/credentials/credentials.ts';
import { observeAttempts } from './upstream/observe-attempts.ts';

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
  /** An id that no other request has. */
  readonly newRequestId: () => string;
  readonly log: Logger;
}

/** Longest wait for requests in flight when the gateway closes. */
const CLOSE_GRACE_MS = 20_000;

/** Puts the gateway together; resolves once it listens, rejects if the address cannot be had. */
export async function startGateway(config: Config, surroundings: Surroundings): Promise<Gateway> {
  const { now, wallNow, newRequestId, log } = surroundings;
  const parts: Array<{ close(): Promise<void> }> = [];
  const opened = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    parts.push(part);
    return part;
  };
  const closeAll = async () => {
    for (const part of parts.toReversed()) await part.close();
  };
  try {
    const telemetry = opened(await startTelemetry({ log, ...config }));
    const upstream = opened(await startUpstream(config.upstream, wallNow));
    const { observe, interceptors, metrics } = telemetry;
    const authentication = createAuthentication(config.credentials, { ...config.client, now, wallNow, observe });
    const { endpoint } = upstream;
    const client = opened(createImsClient({ ...config.client, endpoint, interceptors }, authentication));
    const observed = observeAttempts(client, observe, now);
    const callers = credentialsToCallers(config.credentials);
    const probe = createUpstreamProbe(observed, callers, newRequestId);
    const readiness = createReadiness({ ...probe, now, wallNow });
    telemetry.watch(readiness.observe);
    const cache = config.cache.freshMs > 0 ? cachePages(observed, { ...config.cache, now }) : null;
    if (cache !== null) metrics?.watchCache(() => cache.size());
    const ownMetrics =
      metrics === null || config.metricsPort === null
        ? null
        : await listenOn(createMetricsServer(metrics, config.http, newRequestId), config.host, config.metricsPort);
    if (ownMetrics !== null) opened({ close: () => ownMetrics.close(0, 0) });
    const server = createGraphqlServer({
      source: shareFlights(cache ?? observed),
      callers,
      unsupportedParameters: config.unsupportedParameters,
      graphiql: config.graphiql ? readExamples() : null,
      introspection: config.introspection,
      corsOrigins: config.corsOrigins,
      maxRequestBytes: config.maxRequestBytes,
      http: config.http,
      rateLimitPerMinute: config.rateLimitPerMinute,
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

/** The operations of examples/operations, in the order of their file names. */
function readExamples(): ExampleOperation[] {
  const folder = new URL('../examples/operations/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return files.toSorted().map((file) => ({ query: readFileSync(new URL(file, folder), 'utf8') }));
}
