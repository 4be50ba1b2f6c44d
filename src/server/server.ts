import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createYoga, useExecutionCancellation, type YogaLogger } from 'graphql-yoga';
import type { ImageSource } from '../image/source.ts';
import type { ImageContext } from '../schema/context.ts';
import { schema } from '../schema/index.ts';
import { type CredentialPolicy, headersToCaller } from './caller.ts';
import { createContext } from './context.ts';
import { type ExampleOperation, useGraphiql } from './plugins/use-graphiql.ts';
import { useJsonPostsOnly } from './plugins/use-json-posts-only.ts';
import { useKnownErrors } from './plugins/use-known-errors.ts';
import { useLimits } from './plugins/use-limits.ts';
import { useNoStore } from './plugins/use-no-store.ts';
import { useUpstreamUsage } from './plugins/use-upstream-usage.ts';
import { headersToRequestId } from './request-id.ts';

/** Where GraphQL and GraphiQL are served. */
export const GRAPHQL_PATH = '/graphql';
/** Where a 200 says that the process is alive. */
const LIVENESS_PATH = '/health/live';

/** A handler of other paths on the same port. */
export interface Mount {
  serves(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void;
}

export interface ServerOptions {
  readonly source: ImageSource;
  readonly credentials: CredentialPolicy;
  /** Operations that GraphiQL opens with; null switches GraphiQL off. */
  readonly graphiql: readonly ExampleOperation[] | null;
  /** Origins whose pages may read answers. */
  readonly corsOrigins: readonly string[];
  readonly maxRequestBytes: number;
  /** Most list windows that one request may read. */
  readonly scanMaxWindows: number;
  readonly mounts: readonly Mount[];
  /** An id for a request that came without one. */
  readonly newRequestId: () => string;
  readonly logging: YogaLogger;
}

/** Whether an address can be made of the Host header; what reads the request would otherwise fail of it. */
const hasUsableHost = ({ headers: { host } }: IncomingMessage): boolean =>
  host === undefined || URL.canParse(`http://${host}`);

/** The HTTP edge: GraphQL over HTTP, GraphiQL, liveness, and what is mounted beside them. Not listening yet. */
export function createGraphqlServer(options: ServerOptions): Server {
  const yoga = createYoga<Record<string, never>, ImageContext>({
    schema,
    context: ({ request }) =>
      createContext(
        options.source,
        headersToCaller(request.headers, options.credentials),
        { id: headersToRequestId(request.headers) ?? options.newRequestId(), signal: request.signal },
        options.scanMaxWindows,
      ),
    graphqlEndpoint: GRAPHQL_PATH,
    healthCheckEndpoint: LIVENESS_PATH,
    landingPage: false,
    graphiql: false,
    batching: false,
    multipart: false,
    maxRequestBodySize: options.maxRequestBytes,
    cors: options.corsOrigins.length > 0 && { origin: [...options.corsOrigins], credentials: false },
    logging: options.logging,
    plugins: [
      options.graphiql !== null && useGraphiql(GRAPHQL_PATH, options.graphiql),
      useNoStore(),
      useJsonPostsOnly(),
      useLimits(),
      useExecutionCancellation(),
      useKnownErrors(),
      useUpstreamUsage(),
    ],
  });
  return createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    const mount = options.mounts.find((one) => one.serves(path));
    if (!hasUsableHost(request)) {
      response
        .writeHead(400, { 'content-type': 'text/plain; charset=utf-8' })
        .end('Expected a host in the Host header.\n');
    } else if (mount !== undefined) {
      mount.handle(request, response);
    } else if (path === '/' && request.method === 'GET') {
      response.writeHead(302, { location: GRAPHQL_PATH }).end();
    } else if (path === GRAPHQL_PATH || path === LIVENESS_PATH) {
      void yoga(request, response);
    } else {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`Nothing is served here; GraphQL is at ${GRAPHQL_PATH}.\n`);
    }
  });
}
