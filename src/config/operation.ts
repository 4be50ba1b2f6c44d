import { z } from 'zod';
import type { HttpLimits } from '../server/http-server.ts';
import { type LogOptions, logLevels } from '../telemetry/log.ts';
import type { TracingOptions } from '../telemetry/tracing.ts';
import type { Environment } from './cloud-variables.ts';
import { milliseconds, wholeNumber } from './numbers.ts';

/** What operators decide: how much clients may take, what they are told, and what is told of them. */
export interface OperationConfig {
  readonly graphiql: boolean;
  readonly introspection: boolean;
  readonly maxRequestBytes: number;
  readonly http: HttpLimits;
  /** 0 is no limit. */
  readonly rateLimitPerMinute: number;
  readonly logLevel: LogOptions['level'];
  /** Whether the start is told in plain lines. */
  readonly banner: boolean;
  readonly metrics: boolean;
  /** The port of the metrics; null is the same as that of GraphQL. */
  readonly metricsPort: number | null;
  readonly tracing: TracingOptions | null;
  /** How long the gateway still takes requests after it was told to end. */
  readonly shutdownDelayMs: number;
}

const onOff = z.enum(['on', 'off']).default('on');

const httpAddress = z
  .string()
  .refine(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
    'expected an address, such as http://localhost:4318',
  );

/** The variables that operators set. */
export const operationVariables = {
  GRAPHIQL: onOff,
  INTROSPECTION: onOff,
  MAX_REQUEST_BYTES: wholeNumber(1024, 2 ** 24).default(100_000),
  MAX_HEADER_BYTES: wholeNumber(1024, 2 ** 20).default(32_768),
  MAX_CONNECTIONS: wholeNumber(1, 1_000_000).default(10_000),
  HEADERS_TIMEOUT_MS: milliseconds.default(10_000),
  REQUEST_TIMEOUT_MS: milliseconds.default(30_000),
  KEEP_ALIVE_MS: milliseconds.default(65_000),
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000).default(0),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  BANNER: onOff,
  METRICS: onOff,
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpAddress.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpAddress.optional(),
  OTEL_SERVICE_NAME: z.string().default('ims-image-gateway'),
  SHUTDOWN_DELAY_MS: wholeNumber(0, 600_000).default(0),
};

type OperationRead = z.infer<z.ZodObject<typeof operationVariables>>;

/** What the variables say. */
export const readOperation = (read: OperationRead): OperationConfig => ({
  graphiql: read.GRAPHIQL === 'on',
  introspection: read.INTROSPECTION === 'on',
  maxRequestBytes: read.MAX_REQUEST_BYTES,
  http: {
    headersTimeoutMs: read.HEADERS_TIMEOUT_MS,
    requestTimeoutMs: read.REQUEST_TIMEOUT_MS,
    keepAliveMs: read.KEEP_ALIVE_MS,
    maxHeaderBytes: read.MAX_HEADER_BYTES,
    maxConnections: read.MAX_CONNECTIONS,
  },
  rateLimitPerMinute: read.RATE_LIMIT_PER_MINUTE,
  logLevel: read.LOG_LEVEL,
  banner: read.BANNER === 'on',
  metrics: read.METRICS === 'on',
  metricsPort: read.METRICS_PORT ?? null,
  tracing: readTracing(read),
  shutdownDelayMs: read.SHUTDOWN_DELAY_MS,
});

/** The address of traces as OpenTelemetry's exporters make it: given whole, or a folder below the common one. */
function readTracing(read: OperationRead): TracingOptions | null {
  const common = read.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/*$/, '/v1/traces');
  const url = read.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? common;
  return url === undefined ? null : { url, serviceName: read.OTEL_SERVICE_NAME };
}

/** Variables that would have no effect. */
export const operationMistakes = (given: Environment): string[] =>
  given['METRICS'] === 'off' && given['METRICS_PORT'] !== undefined
    ? ['METRICS_PORT: expected no METRICS=off beside it, as there is nothing to serve']
    : [];
