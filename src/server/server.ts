import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createYoga, useExecutionCancellation } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { ImageSource } from '../image/source.ts';
import type { ImageContext } from '../schema/context.ts';
import { subgraphSchema } from '../schema/index.ts';
import type { ObserveGateway } from '../telemetry/event.ts';
import type { TraceRequest } from '../telemetry/tracing.ts';
import { createAllowance } from './allowance.ts';
import { type CallerPolicy, headersToCaller } from './caller.ts';
import { createContext } from './context.ts';
import { toCors, toCorsHeaders } from './cors.ts';
import { createDirectAnswers, type ToContext } from './direct/answer-directly.ts';
import { createFindText } from './direct/find-text.ts';
import { createKnownDocuments } from './direct/known-documents.ts';
import { readDocument } from './direct/read-document.ts';
import { readPlainDocument } from './direct/read-plain-document.ts';
import { createDocumentStore } from './document-store.ts';
import { type ExampleOperation, suggestedHeaders } from './graphiql-page.ts';
import { createHttpServer, type HttpLimits } from './http-server.ts';
import type { Mount } from './mount.ts';
import { useCompression } from './plugins/use-compression.ts';
import { useCost } from './plugins/use-cost.ts';
import { useGraphiql } from './plugins/use-graphiql.ts';
import { useHttpCaching } from './plugins/use-http-caching.ts';
import { useJsonPostsOnly } from './plugins/use-json-posts-only.ts';
import { useKnownErrors } from './plugins/use-known-errors.ts';
import { useLimits } from './plugins/use-limits.ts';
import { useMethods } from './plugins/use-methods.ts';
import { useNoIntrospection } from './plugins/use-no-introspection.ts';
import { useGetParameters } from './plugins/use-get-parameters.ts';
import { usePersistedQueries } from './plugins/use-persisted-queries.ts';
import { useQueriesOnly } from './plugins/use-queries-only.ts';
import { useRateLimit } from './plugins/use-rate-limit.ts';
import { useRenderedResponses } from './plugins/use-rendered-responses.ts';
import { useRequestRecord } from './plugins/use-request-record.ts';
import { useStaleness } from './plugins/use-staleness.ts';
import { useUpstreamUsage } from './plugins/use-upstream-usage.ts';
import { useTrustedDocuments } from './plugins/use-trusted-documents.ts';
import { createTakeBody } from './take-body.ts';
import { headersToRequestId, REQUEST_ID_HEADER } from './request-id.ts';
import { plainBodySize } from './plain-body.ts';
import { createRendering } from './rendered/create-rendering.ts';
import type { RenderedResponses } from './rendered/rendered-responses.ts';
import { recordRequest, type ServerContext } from './request-record.ts';
import type { TrustedDocuments } from './trusted-documents.ts';
import { toYogaLogger } from './yoga-logger.ts';

/** Where GraphQL and GraphiQL are served. */
export const GRAPHQL_PATH = '/graphql';

export interface ServerOptions {
  readonly source: ImageSource;
  readonly callers: CallerPolicy;
  /** Search criteria that the image service lacks. Default: none. */
  readonly unsupportedParameters?: ReadonlySet<string>;
  /** Operations that GraphiQL opens with; null switches GraphiQL off. */
  readonly graphiql: readonly ExampleOperation[] | null;
  readonly introspection: boolean;
  /** Origins whose pages may read answers. */
  readonly corsOrigins: readonly string[];
  /** Documents that clients may ask for by id; with `only`, nothing else runs. Null: there are none. */
  readonly trustedDocuments: { readonly documents: TrustedDocuments; readonly only: boolean } | null;
  /** Memory for automatic persisted queries; 0 switches them off. */
  readonly apqMaxBytes: number;
  readonly compression: boolean;
  /** Where finished responses are kept; null where none are. */
  readonly rendered: RenderedResponses | null;
  readonly maxRequestBytes: number;
  readonly http: HttpLimits;
  /** GraphQL requests of one caller; 0 is no limit. */
  readonly rateLimitPerMinute: number;
  /** Most list windows that one request may read. */
  readonly scanMaxWindows: number;
  readonly mounts: readonly Mount[];
  /** An id for a request that came without one. */
  readonly newRequestId: () => string;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly observe: ObserveGateway;
  readonly trace: TraceRequest;
  readonly log: Logger;
}

/** The HTTP edge: GraphQL over HTTP, GraphiQL, and what is mounted beside them. Not listening yet. */
export function createGraphqlServer(options: ServerOptions): Server {
  const answerGraphql = createGraphqlListener(options);
  const answer: RequestListener = (request, response) => {
    const requestId = headersToRequestId(request.headers) ?? options.newRequestId();
    const path = request.url?.split('?', 1)[0] ?? '/';
    if (path === GRAPHQL_PATH && hasUsableHost(request)) {
      answerGraphql(request, response, requestId);
      return;
    }
    setCommonHeaders(response, requestId);
    const mount = options.mounts.find((one) => one.serves(path));
    if (!hasUsableHost(request)) {
      refuse(response, 400, 'Expected a host in the Host header.');
    } else if (mount !== undefined) {
      mount.handle(request, response);
    } else if (path === '/' && request.method === 'GET') {
      response.writeHead(302, { location: GRAPHQL_PATH }).end();
    } else {
      refuse(response, 404, `Nothing is served here; GraphQL is at ${GRAPHQL_PATH}.`);
    }
  };
  return createHttpServer(options.http, options.newRequestId, answer);
}

function setCommonHeaders(response: ServerResponse, requestId: string): void {
  response.setHeader(REQUEST_ID_HEADER, requestId);
  // Until something that knows the answer says otherwise, no cache may keep it.
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
}

/** The latest that an address could be made of: clients come by few names. */
let usableHost = 'localhost';

/** Whether an address can be made of the Host header; what reads the request would otherwise fail of it. */
function hasUsableHost({ headers: { host } }: IncomingMessage): boolean {
  if (host === undefined || host === usableHost) return true;
  if (!URL.canParse(`http://${host}`)) return false;
  usableHost = host;
  return true;
}

const refuse = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
};

const noBody = Buffer.alloc(0);

type GraphqlListener = (request: IncomingMessage, response: ServerResponse, requestId: string) => void;

/** Answers one HTTP request at {@link GRAPHQL_PATH} within its span, and records it. */
function createGraphqlListener(options: ServerOptions): GraphqlListener {
  const { now, observe, graphiql, trustedDocuments } = options;
  /** For the log alone: yoga's logger is told nothing of the request. */
  const requestIds = new AsyncLocalStorage<string>();
  const allowance =
    options.rateLimitPerMinute > 0 ? createAllowance(options.rateLimitPerMinute, options.callers) : null;
  const render =
    options.rendered === null
      ? null
      : createRendering({ responses: options.rendered, callers: options.callers, allowance });
  const toContext: ToContext = (headers, signal, record, source) => {
    const caller = headersToCaller(headers, options.callers);
    const { requestId: id } = record;
    const context = createContext(
      source,
      caller,
      { id, signal },
      options.scanMaxWindows,
      options.unsupportedParameters,
    );
    record.caller = caller?.key.slice(0, 8) ?? null;
    record.usage = context.usage;
    record.pages = context.pages;
    return context;
  };
  const persisted = options.apqMaxBytes > 0 ? createDocumentStore(options.apqMaxBytes) : null;
  const yoga = createYoga<ServerContext, ImageContext>({
    schema: subgraphSchema,
    context: ({ request, record, source }) => toContext(request.headers, request.signal, record, source),
    graphqlEndpoint: GRAPHQL_PATH,
    // Whatever ends in it would be answered with 200; no URL does. Health is a mount.
    healthCheckEndpoint: ' ',
    landingPage: false,
    graphiql: false,
    batching: false,
    multipart: false,
    maxRequestBodySize: options.maxRequestBytes,
    cors: toCors(options.corsOrigins),
    // Otherwise the environment decides whether clients see the insides of unexpected errors.
    maskedErrors: { isDev: false },
    logging: toYogaLogger(options.log, () => requestIds.getStore()),
    plugins: [
      useMethods(),
      graphiql !== null &&
        useGraphiql(GRAPHQL_PATH, { examples: graphiql, headers: suggestedHeaders(options.callers) }),
      useHttpCaching(),
      options.compression && useCompression(),
      useRequestRecord(),
      render !== null && useRenderedResponses(),
      allowance !== null && useRateLimit(allowance),
      useJsonPostsOnly(),
      useGetParameters(),
      trustedDocuments !== null && useTrustedDocuments(trustedDocuments.documents, trustedDocuments),
      usePersistedQueries(persisted),
      useQueriesOnly(),
      useLimits(),
      !options.introspection && useNoIntrospection(),
      useExecutionCancellation(),
      useKnownErrors(),
      useUpstreamUsage(),
      useStaleness(),
      useCost(),
    ],
  });
  const answerDirectly = createDirectAnswers({
    ...options,
    findText: createFindText({ trusted: trustedDocuments, persisted }),
    documents: createKnownDocuments({
      schema: subgraphSchema,
      read: (text, operationName) =>
        readPlainDocument(subgraphSchema, text) ?? readDocument(text, operationName, yoga.getEnveloped),
    }),
    toContext,
    allowance,
    corsHeaders: toCorsHeaders(options.corsOrigins),
  });
  const takeBody = createTakeBody();
  return (request, response, requestId) => {
    options.trace(request.headers, (onEnd) => {
      const record = recordRequest(request, response, { requestId, now, observe, onEnd });
      const askYoga = (source: ImageSource) =>
        requestIds.run(requestId, () => void yoga(request, response, { record, source }));
      const answer = (body: Buffer | null) => {
        const isRendered = body !== null && render !== null && render(request, response, body, record);
        record.reportAtEnd();
        if (isRendered) return;
        setCommonHeaders(response, requestId);
        // Put back at once: when a request has told its end, nothing can be.
        if (body !== null && body.length > 0) request.unshift(body);
        if (body !== null) answerDirectly(request, response, body, record, askYoga);
        else askYoga(options.source);
      };
      const sizeBytes = plainBodySize(request, options.maxRequestBytes);
      if (sizeBytes === null) answer(null);
      else if (sizeBytes === 0) answer(noBody);
      else {
        record.begin();
        takeBody(request, sizeBytes, () => record.reportAtEnd(), answer);
      }
    });
  };
}
