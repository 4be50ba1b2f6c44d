import { loadTrustedDocuments, readExamples } from './assembly/documents.ts';
import { inLayers } from './assembly/layers.ts';
import { createParts } from './assembly/parts.ts';
import { serveMetrics } from './assembly/serve-metrics.ts';
import { startUpstream } from './assembly/start-upstream.ts';
import type { Config } from './config.ts';
import type { CallerPolicy } from './server/caller.ts';
import { createHealthMount } from './server/health.ts';
import { listenOn } from './server/listen.ts';
import { createReadiness } from './server/readiness.ts';
import { createRenderedResponses } from './server/rendered/rendered-responses.ts';
import { createGraphqlServer, GRAPHQL_PATH } from './server/server.ts';
import { createUpstreamProbe } from './server/upstream-probe.ts';
import type { ObserveGateway } from './telemetry/event.ts';
import type { GatewayLog } from './telemetry/log.ts';
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
  readonly log: GatewayLog;
  /** Is told what operators are told, as it happens. Default: nobody is. */
  readonly observe?: ObserveGateway;
}

/** Longest wait for requests in flight when the gateway closes. */
const CLOSE_GRACE_MS = 20_000;

/** Puts the gateway together; resolves once it listens, rejects if the address cannot be had. */
export async function startGateway(config: Config, surroundings: Surroundings): Promise<Gateway> {
  const { now, wallNow, newRequestId, log, random } = surroundings;
  const parts = createParts();
  try {
    const trustedDocuments = loadTrustedDocuments(config.trustedDocuments);
    const telemetry = parts.add(await startTelemetry({ log, ...config }));
    const { observe, interceptors, metrics } = telemetry;
    if (surroundings.observe !== undefined) telemetry.watch(surroundings.observe);

    const { endpoint, mounts } = parts.add(await startUpstream(config.upstream, wallNow));
    const { deadlineMs } = config.resilience;
    const clientOptions = { ...config.client, endpoint, interceptors, deadlineMs, wallNow };
    const authentication = createAuthentication(config.credentials, { ...clientOptions, now, observe });
    const client = parts.add(createImsClient(clientOptions, authentication, { now, observe }));
    metrics?.watchKnownImages(() => client.knownImages());
    const watchCache: NonNullable<typeof metrics>['watchCache'] = (size) => metrics?.watchCache(size);
    const source = inLayers(client, config, { now, random, observe, watchCache });

    const callers = credentialsToCallers(config.credentials);
    const probe = createUpstreamProbe(client, callers, newRequestId);
    const readiness = createReadiness({ ...config.resilience, ...probe, now, wallNow });
    telemetry.watch(readiness.observe);
    const served = parts.add(await serveMetrics(metrics, config, newRequestId));
    const rendered = config.renderedMaxBytes > 0 ? createRenderedResponses(config.renderedMaxBytes) : null;
    if (rendered !== null) metrics?.watchRendered(() => rendered.size());
    const server = createGraphqlServer({
      ...config,
      source,
      callers,
      graphiql: config.graphiql ? readExamples() : null,
      trustedDocuments,
      rendered,
      mounts: [createHealthMount(readiness), ...served.mounts, ...mounts],
      newRequestId,
      now,
      observe,
      trace: telemetry.within,
      log,
    });
    const listener = await listenOn(server, config.host, config.port);
    parts.add({ close: () => listener.close(config.shutdownDelayMs, CLOSE_GRACE_MS) });
    const { url } = listener;
    return {
      url,
      graphqlUrl: url + GRAPHQL_PATH,
      metricsUrl: served.urlBeside(url),
      close: () => {
        readiness.stop();
        return parts.close();
      },
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** With credentials of the gateway's own, all callers see the same: to every cache they are one. */
const credentialsToCallers = (credentials: Credentials): CallerPolicy =>
  credentials.kind === 'forwarded' ? credentials : { kind: 'own', key: credentialsToKey(credentials) };
