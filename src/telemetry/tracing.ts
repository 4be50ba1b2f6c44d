import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { AnsweredRequest } from './event.ts';

export interface TracingOptions {
  /** Where traces go, by OTLP over HTTP in JSON; the whole address. */
  readonly url: string;
  readonly serviceName: string;
}

/** Spans of requests and of the upstream requests within them. */
export interface Tracing {
  /**
   * Does `work` within a server span that continues the trace in `headers`; the work tells its end. Upstream requests
   * that it makes become children of the span.
   */
  readonly within: TraceRequest;
  /** Make a span of each upstream request that belongs to a traced one, and pass the trace upstream. */
  readonly interceptors: readonly Dispatcher.DispatcherComposeInterceptor[];
  /** Sends what is not sent yet, or gives up after a few seconds. */
  close(): Promise<void>;
}

export type TraceRequest = (
  headers: IncomingHttpHeaders,
  work: (end: (answered: AnsweredRequest) => void) => void,
) => void;

/** Longest wait for the collector when the gateway closes. */
const FLUSH_TIMEOUT_MS = 3000;

/** Loads OpenTelemetry and starts tracing. Registers nothing globally. */
export async function startTracing({ url, serviceName }: TracingOptions): Promise<Tracing> {
  const [api, core, { AsyncLocalStorageContextManager }, { OTLPTraceExporter }, resources, sdk] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
  ]);
  const { SpanKind, SpanStatusCode, trace } = api;
  const contexts = new AsyncLocalStorageContextManager().enable();
  const propagator = new core.W3CTraceContextPropagator();
  const provider = new sdk.TracerProvider({
    resource: resources.defaultResource().merge(resources.resourceFromAttributes({ 'service.name': serviceName })),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, timeoutMillis: FLUSH_TIMEOUT_MS }),
        exportTimeoutMillis: FLUSH_TIMEOUT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('ims-image-gateway');

  const within: TraceRequest = (headers, work) => {
    const remote = propagator.extract(api.ROOT_CONTEXT, headers, api.defaultTextMapGetter);
    const span = tracer.startSpan('graphql', { kind: SpanKind.SERVER }, remote);
    const end = ({ operationName, operationType, status, codes, requestId }: AnsweredRequest) => {
      if (operationType !== null)
        span.updateName(operationName === null ? operationType : `${operationType} ${operationName}`);
      span.setAttributes({
        'graphql.operation.type': operationType ?? undefined,
        'graphql.operation.name': operationName ?? undefined,
        'http.response.status_code': status ?? undefined,
        'error.type': codes[0],
        'gateway.request_id': requestId,
      });
      if (codes.length > 0) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
    contexts.with(trace.setSpan(remote, span), () => work(end));
  };

  const interceptor: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    const parent = contexts.active();
    if (trace.getSpan(parent) === undefined) return dispatch(options, handler);
    const attributes = { 'http.request.method': options.method, 'url.path': options.path.split('?', 1)[0] };
    const span = tracer.startSpan(options.method, { kind: SpanKind.CLIENT, attributes }, parent);
    const carrier: Record<string, string> = {};
    propagator.inject(trace.setSpan(parent, span), carrier, api.defaultTextMapSetter);
    return dispatch(
      { ...options, headers: withHeaders(options.headers, carrier) },
      {
        onRequestStart: (...facts) => handler.onRequestStart?.(...facts),
        onRequestUpgrade: (...facts) => handler.onRequestUpgrade?.(...facts),
        onResponseStart(controller, status, ...facts) {
          span.setAttribute('http.response.status_code', status);
          if (status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
          handler.onResponseStart?.(controller, status, ...facts);
        },
        onResponseData: (...facts) => handler.onResponseData?.(...facts),
        onResponseEnd(...facts) {
          span.end();
          handler.onResponseEnd?.(...facts);
        },
        onResponseError(controller, error) {
          span.setAttribute('error.type', error.name).setStatus({ code: SpanStatusCode.ERROR }).end();
          handler.onResponseError?.(controller, error);
        },
      },
    );
  };

  return { within, interceptors: [interceptor], close: () => provider.shutdown().catch(() => {}) };
}

/** The headers of a request in any of the shapes that undici takes, and more. */
function withHeaders(headers: Dispatcher.DispatchOptions['headers'], more: Readonly<Record<string, string>>) {
  if (Array.isArray(headers)) return [...headers, ...Object.entries(more).flat()];
  if (headers !== null && headers !== undefined && Symbol.iterator in headers)
    return [...headers, ...Object.entries(more)];
  return { ...headers, ...more };
}
