import type { Config } from '../config.ts';
import { listenOn } from '../server/listen.ts';
import { createMetricsMount, createMetricsServer, METRICS_PATH } from '../server/metrics-mount.ts';
import type { Mount } from '../server/mount.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Where metrics are served. */
export interface ServedMetrics {
  /** What serves them beside GraphQL, if they share its port. */
  readonly mounts: readonly Mount[];
  /** Their address, given that of GraphQL's port; null where there are none. */
  urlBeside(url: string): string | null;
  close(): Promise<void>;
}

/** Serves metrics on a port of their own, or prepares them for GraphQL's. Rejects if the port cannot be had. */
export async function serveMetrics(
  metrics: Metrics | null,
  { host, http, metricsPort }: Config,
  newRequestId: () => string,
): Promise<ServedMetrics> {
  if (metrics === null) return { mounts: [], urlBeside: () => null, close: async () => {} };
  if (metricsPort === null) {
    const mounts = [createMetricsMount(metrics)];
    return { mounts, urlBeside: (url) => url + METRICS_PATH, close: async () => {} };
  }
  const listener = await listenOn(createMetricsServer(metrics, http, newRequestId), host, metricsPort);
  return { mounts: [], urlBeside: () => listener.url + METRICS_PATH, close: () => listener.close(0, 0) };
}
