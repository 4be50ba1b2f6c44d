import type { Server } from 'node:http';
import type { Metrics } from '../telemetry/metrics.ts';
import { createHttpServer, type HttpLimits } from './http-server.ts';
import type { Mount } from './mount.ts';

/** Where Prometheus finds the metrics. */
export const METRICS_PATH = '/metrics';

/** `GET /metrics`, in the text format of Prometheus. */
export const createMetricsMount = (metrics: Metrics): Mount => ({
  serves: (path) => path === METRICS_PATH,
  handle(_request, response) {
    metrics.print().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    );
  },
});

/** A server for the metrics alone. Not listening yet. */
export function createMetricsServer(metrics: Metrics, limits: HttpLimits, newRequestId: () => string): Server {
  const mount = createMetricsMount(metrics);
  return createHttpServer(limits, newRequestId, (request, response) => {
    if (mount.serves(request.url?.split('?', 1)[0] ?? '/')) mount.handle(request, response);
    else response.writeHead(404).end();
  });
}
