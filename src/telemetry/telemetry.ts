import type { ObserveGateway } from './event.ts';
import { type GatewayLog, logEvents } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { startTracing, type Tracing, type TracingOptions } from './tracing.ts';

export interface TelemetryOptions {
  readonly log: GatewayLog;
  readonly metrics: boolean;
  readonly tracing: TracingOptions | null;
}

/** All that operators see of a gateway. */
export interface Telemetry extends Tracing {
  readonly observe: ObserveGateway;
  /** Also tells `observer` of every event. */
  watch(observer: ObserveGateway): void;
  /** Null where nobody wants them. */
  readonly metrics: Metrics | null;
}

/** Logs, and counts and traces where that is wanted. */
export async function startTelemetry({ log, metrics, tracing }: TelemetryOptions): Promise<Telemetry> {
  const tracer = tracing === null ? noTracing : await startTracing(tracing);
  const counted = metrics ? createMetrics() : null;
  const observers: ObserveGateway[] = [logEvents(log)];
  if (counted !== null) observers.push(counted.observe);
  return {
    ...tracer,
    observe: (event) => {
      for (const observer of observers) observer(event);
    },
    watch: (observer) => void observers.push(observer),
    metrics: counted,
  };
}

const noTracing: Tracing = {
  within: (_headers, work) => work(() => {}),
  interceptors: [],
  close: async () => {},
};
