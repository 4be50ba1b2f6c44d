import { once } from 'node:events';
import { createServer } from 'node:http';

/** A span as it arrived. */
export interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** 2 of a server, 3 of a client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 2 is an error. */
  readonly status: number;
}

/** An OpenTelemetry collector that takes spans by OTLP over HTTP in JSON. */
export interface Collector extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** Every body that arrived. */
  readonly bodies: readonly string[];
  /** The path of each request. */
  readonly paths: readonly string[];
}

const toValue = (value: any): unknown => value.stringValue ?? value.intValue ?? value.boolValue ?? value.doubleValue;

const toSpan = ({ name, traceId, spanId, parentSpanId, kind, attributes, status }: any): CollectedSpan => ({
  name,
  traceId,
  spanId,
  parentSpanId,
  kind,
  attributes: Object.fromEntries(attributes.map(({ key, value }: any) => [key, toValue(value)])),
  status: status.code,
});

/** A collector on a free port. */
export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const paths: string[] = [];
  const take = (path: string, body: string) => {
    paths.push(path);
    bodies.push(body);
    for (const resource of JSON.parse(body).resourceSpans) {
      for (const scope of resource.scopeSpans) spans.push(...scope.spans.map(toSpan));
    }
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part) => (body += part));
    request.on('end', () => {
      take(request.url ?? '', body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    bodies,
    paths,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
