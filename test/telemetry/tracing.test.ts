import { expect, test } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { answer } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { startProcess } from '../support/process.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const clientSpan = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${clientSpan}-01`;

const ask = (url: string, query: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', 'x-auth-token': TOKEN, ...headers },
    body: JSON.stringify({ query }),
  }).then((response) => response.json());

const two = 'query Two { a: image(id: "a") { id } b: image(id: "b") { id } }';

test('one trace goes from the client through the gateway upstream, and is sent before the gateway ends', async () => {
  await using collector = await startCollector();
  {
    await using faulty = await startFaultyGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` });
    faulty.upstream.next(answer(403, {}));
    await ask(faulty.gateway.url, two, { traceparent, tracestate: 'vendor=1', 'x-request-id': 'r-1' });

    const passed = faulty.upstream.requests.map(({ headers }) => headers);
    expect(passed.length).toBeGreaterThanOrEqual(2);
    for (const headers of passed) {
      expect(headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
      expect(headers['traceparent']).not.toContain(clientSpan);
      expect(headers['tracestate']).toBe('vendor=1');
    }
    await faulty.gateway[Symbol.asyncDispose]();

    const [server] = collector.spans.filter(({ kind }) => kind === 2);
    expect(server).toMatchObject({
      name: 'query Two',
      traceId,
      parentSpanId: clientSpan,
      status: 2,
      attributes: {
        'graphql.operation.name': 'Two',
        'graphql.operation.type': 'query',
        'error.type': 'FORBIDDEN',
        'gateway.request_id': 'r-1',
      },
    });
    const clients = collector.spans.filter(({ kind }) => kind === 3);
    expect(clients.map(({ spanId }) => `00-${traceId}-${spanId}-01`).toSorted()).toEqual(
      passed.map((headers) => headers['traceparent']).toSorted(),
    );
    expect(new Set(clients.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([server?.spanId]));
    const statuses = clients.map(({ attributes }) => Number(attributes['http.response.status_code']));
    expect(statuses).toContain(403);
    expect(statuses).toContain(200);
  }
  expect(new Set(collector.paths)).toEqual(new Set(['/v1/traces']));
  expect(collector.bodies.join()).toContain('"ims-image-gateway"');
  expect(collector.bodies.join()).not.toContain(TOKEN);
});

test('interleaved requests keep to their own traces, also where upstream is slow and requests wait for a connection', async () => {
  await using collector = await startCollector();
  await using faulty = await startFaultyGateway({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/traces`,
    IMS_CONNECTIONS: '2',
  });
  const ids = Array.from({ length: 20 }, (_, i) => (i + 1).toString(16).padStart(32, '0'));
  await Promise.all(
    ids.map((id, i) =>
      ask(faulty.gateway.url, `{ images(first: ${i + 1}) { edges { cursor } } }`, {
        traceparent: `00-${id}-${clientSpan}-01`,
      }),
    ),
  );
  const passed = faulty.upstream.requests.map(({ target, headers }) => [
    Number(/limit=(\d+)/.exec(target)?.[1]) - 2,
    headers['traceparent']?.slice(3, 35),
  ]);
  expect(passed.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(ids.map((id, i) => [i, id]));
});

test('a request without a trace starts one; what was not sampled is passed on and not sent', async () => {
  await using collector = await startCollector();
  await using faulty = await startFaultyGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await ask(faulty.gateway.url, '{ images(first: 1) { edges { cursor } } }');
  await ask(faulty.gateway.url, '{ images(first: 2) { edges { cursor } } }', {
    traceparent: `00-${traceId}-${clientSpan}-00`,
  });
  const [started, unsampled] = faulty.upstream.requests.map(({ headers }) => headers['traceparent']);
  expect(started).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
  expect(unsampled).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-00$`));
  await faulty.gateway[Symbol.asyncDispose]();
  expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([started?.slice(3, 35)]));
});

test('a collector that is gone keeps nobody waiting', async () => {
  const collector = await startCollector();
  await collector[Symbol.asyncDispose]();
  await using faulty = await startFaultyGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  expect(await ask(faulty.gateway.url, '{ images(first: 1) { edges { node { id } } } }')).toMatchObject({
    data: { images: { edges: [{ node: { id: 'image-1' } }] } },
  });
});

test('without an endpoint nothing is traced, and a trace is not passed on', async () => {
  await using faulty = await startFaultyGateway();
  await ask(faulty.gateway.url, '{ images(first: 1) { edges { cursor } } }', { traceparent });
  expect(faulty.upstream.requests[0]?.headers['traceparent']).toBeUndefined();
});

test('without an endpoint nothing of OpenTelemetry’s SDK is loaded', async () => {
  const tell = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier.startsWith('@opentelemetry/')) console.log('LOADS ' + specifier);
        return next(specifier, context);
      },
    });`;
  const loaded = async (env: Readonly<Record<string, string>>) => {
    const run = startProcess({ PORT: '0', ...env }, ['--import', `data:text/javascript,${encodeURIComponent(tell)}`]);
    await run.printed(/"(listening)"/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual([0, null]);
    return new Set([...run.said.matchAll(/LOADS (\S+)/g)].map(([, name]) => name));
  };
  // prom-client knows the API, which does nothing by itself.
  expect([...(await loaded({}))]).toEqual(['@opentelemetry/api']);
  expect([...(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }))]).toContain(
    '@opentelemetry/sdk-trace',
  );
});
