import { readdirSync, readFileSync } from 'node:fs';
import { cachePages } from './cache/page-cache.ts';
import { shareFlights } from './cache/single-flight.ts';
import type { Config, UpstreamConfig } from './config.ts';
import { generateCatalogue } from './embedded/generate.ts';
import { createEmbeddedIms } from './embedded/server.ts';
import { listenOn } from './server/listen.ts';
import type { ExampleOperation } from './server/plugins/use-graphiql.ts';
import { createGraphqlServer, GRAPHQL_PATH, type Mount } from './server/server.ts';
import { createImsClient } from './upstream/client.ts';

/** A gateway that listens. */
export interface Gateway {
  /** Scheme, host and port. */
  readonly url: string;
  /** Where GraphQL is served, and GraphiQL to browsers. */
  readonly graphqlUrl: string;
  /** Stops listening, lets requests in flight finish, then closes what is upstream of them. */
  close(): Promise<void>;
}

/** What the process lends the gateway. */
export interface Surroundings {
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** An id that no other request has. */
  readonly newRequestId: () => string;
  readonly logError: (...facts: unknown[]) => void;
}

/** Longest wait for requests in flight when the gateway closes. */
const CLOSE_GRACE_MS = 20_000;

/** Puts the gateway together; resolves once it listens, rejects if the address cannot be had. */
export async function startGateway(config: Config, { now, newRequestId, logError }: Surroundings): Promise<Gateway> {
  const upstream = await startUpstream(config.upstream);
  const client = createImsClient({ ...config.client, endpoint: upstream.endpoint });
  const closeUpstream = async () => {
    await client.close();
    await upstream.close();
  };
  try {
    const cached = config.cache.freshMs > 0 ? cachePages(client, { ...config.cache, now }) : client;
    const server = createGraphqlServer({
      source: shareFlights(cached),
      credentials: config.credentials,
      graphiql: config.graphiql ? readExamples() : null,
      corsOrigins: config.corsOrigins,
      maxRequestBytes: config.maxRequestBytes,
      scanMaxWindows: config.scanMaxWindows,
      mounts: upstream.mounts,
      newRequestId,
      logging: { debug: () => {}, info: () => {}, warn: logError, error: logError },
    });
    const listener = await listenOn(server, config.host, config.port);
    return {
      url: listener.url,
      graphqlUrl: `${listener.url}${GRAPHQL_PATH}`,
      close: () => listener.close(CLOSE_GRACE_MS).then(closeUpstream),
    };
  } catch (error) {
    await closeUpstream();
    throw error;
  }
}

interface Upstream {
  readonly endpoint: string;
  /** What is also served on the gateway's own port. */
  readonly mounts: readonly Mount[];
  close(): Promise<void>;
}

async function startUpstream(upstream: UpstreamConfig): Promise<Upstream> {
  if (upstream.kind === 'cloud') return { endpoint: upstream.endpoint, mounts: [], close: async () => {} };
  const { generatedImages: size } = upstream;
  const embedded = createEmbeddedIms(size === null ? {} : { catalogue: generateCatalogue({ seed: 1, size }) });
  const { url } = await embedded.listen();
  return { endpoint: url, mounts: [embedded], close: () => embedded.close() };
}

/** The operations of examples/operations, in the order of their file names. */
function readExamples(): ExampleOperation[] {
  const folder = new URL('../examples/operations/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return files.toSorted().map((file) => ({ query: readFileSync(new URL(file, folder), 'utf8') }));
}
