import { z } from 'zod';
import { readCloud } from './config/cloud.ts';
import { cloudMistakes } from './config/cloud-mistakes.ts';
import { cloudVariables, type Environment, origin, secretVariables } from './config/cloud-variables.ts';
import type { HttpLimits } from './server/http-server.ts';
import { type LogOptions, logLevels } from './telemetry/log.ts';
import type { TracingOptions } from './telemetry/tracing.ts';
import type { ImsClientOptions } from './upstream/client.ts';
import type { Credentials } from './upstream/credentials/credentials.ts';

/** Where images come from. */
export type UpstreamConfig =
  /** The embedded image service over its sample catalogue, or over `generatedImages` that are made up. */
  | { readonly kind: 'embedded'; readonly generatedImages: number | null }
  /** The image service of a cloud. */
  | { readonly kind: 'cloud'; readonly endpoint: string };

export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly upstream: UpstreamConfig;
  readonly client: Omit<ImsClientOptions, 'endpoint'>;
  readonly credentials: Credentials;
  /** Search criteria that the cloud lacks, by their query parameters. */
  readonly unsupportedParameters: ReadonlySet<string>;
  /** `freshMs` 0 switches the cache off. */
  readonly cache: { readonly freshMs: number; readonly maxBytes: number; readonly maxPages: number };
  readonly graphiql: boolean;
  readonly corsOrigins: readonly string[];
  readonly maxRequestBytes: number;
  readonly http: HttpLimits;
  readonly introspection: boolean;
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

/** The environment cannot be used; the message lists every mistake by variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(mistakes: readonly string[]) {
    super(['The configuration cannot be used:', ...mistakes.map((mistake) => `  ${mistake}`)].join('\n'));
  }
}

const wholeNumber = (least: number, most: number) => {
  const expected = `expected a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, expected)
    .transform(Number)
    .refine((number) => number >= least && number <= most, expected);
};

const milliseconds = wholeNumber(1, 600_000);

const httpAddress = z
  .string()
  .refine(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
    'expected an address, such as http://localhost:4318',
  );

const variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(4000),
  ...cloudVariables,
  IMS_CONNECTIONS: wholeNumber(1, 1000).default(50),
  IMS_CONNECT_TIMEOUT_MS: milliseconds.default(3000),
  IMS_HEADERS_TIMEOUT_MS: milliseconds.default(10_000),
  IMS_BODY_TIMEOUT_MS: milliseconds.default(5000),
  IMS_DEADLINE_MS: milliseconds.default(15_000),
  IMS_MAX_BODY_BYTES: wholeNumber(1024, 2 ** 30).default(32 * 2 ** 20),
  CACHE_FRESH_MS: wholeNumber(0, 86_400_000).default(30_000),
  CACHE_MAX_BYTES: wholeNumber(1024, 2 ** 36).default(64 * 2 ** 20),
  CACHE_MAX_PAGES: wholeNumber(1, 1_000_000).default(10_000),
  EMBEDDED_IMAGES: wholeNumber(1, 100_000).optional(),
  GRAPHIQL: z.enum(['on', 'off']).default('on'),
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.literal('*').or(origin('https://console.example.com'))))
    .default([]),
  MAX_REQUEST_BYTES: wholeNumber(1024, 2 ** 24).default(100_000),
  MAX_HEADER_BYTES: wholeNumber(1024, 2 ** 20).default(32_768),
  MAX_CONNECTIONS: wholeNumber(1, 1_000_000).default(10_000),
  HEADERS_TIMEOUT_MS: milliseconds.default(10_000),
  REQUEST_TIMEOUT_MS: milliseconds.default(30_000),
  KEEP_ALIVE_MS: milliseconds.default(65_000),
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000).default(0),
  INTROSPECTION: z.enum(['on', 'off']).default('on'),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  BANNER: z.enum(['on', 'off']).default('on'),
  METRICS: z.enum(['on', 'off']).default('on'),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpAddress.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpAddress.optional(),
  OTEL_SERVICE_NAME: z.string().default('ims-image-gateway'),
  SHUTDOWN_DELAY_MS: wholeNumber(0, 600_000).default(0),
});

/** Every variable that the gateway reads. */
export const variableNames: readonly string[] = Object.keys(variables.shape);

/** Reads the configuration. Throws a `ConfigError` that names every variable that cannot be used. */
export function readConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(given);
  const mistakes = [...(parsed.error?.issues.map((issue) => showIssue(issue, given)) ?? []), ...misplaced(given)];
  if (parsed.data === undefined || mistakes.length > 0) throw new ConfigError(mistakes);
  const read = parsed.data;
  const cloud = readCloud(read);
  return {
    host: read.HOST,
    port: read.PORT,
    upstream:
      cloud === null
        ? { kind: 'embedded', generatedImages: read.EMBEDDED_IMAGES ?? null }
        : { kind: 'cloud', endpoint: cloud.endpoint },
    client: {
      listPath: read.IMS_LIST_PATH,
      listPathSetting: 'IMS_LIST_PATH',
      connections: read.IMS_CONNECTIONS,
      connectTimeoutMs: read.IMS_CONNECT_TIMEOUT_MS,
      headersTimeoutMs: read.IMS_HEADERS_TIMEOUT_MS,
      bodyTimeoutMs: read.IMS_BODY_TIMEOUT_MS,
      deadlineMs: read.IMS_DEADLINE_MS,
      maxBodyBytes: read.IMS_MAX_BODY_BYTES,
    },
    credentials: cloud?.credentials ?? { kind: 'forwarded', anonymousToken: 'demo' },
    unsupportedParameters: new Set(read.IMS_UNSUPPORTED_PARAMETERS),
    cache: { freshMs: read.CACHE_FRESH_MS, maxBytes: read.CACHE_MAX_BYTES, maxPages: read.CACHE_MAX_PAGES },
    graphiql: read.GRAPHIQL === 'on',
    corsOrigins: read.CORS_ORIGINS,
    maxRequestBytes: read.MAX_REQUEST_BYTES,
    http: {
      headersTimeoutMs: read.HEADERS_TIMEOUT_MS,
      requestTimeoutMs: read.REQUEST_TIMEOUT_MS,
      keepAliveMs: read.KEEP_ALIVE_MS,
      maxHeaderBytes: read.MAX_HEADER_BYTES,
      maxConnections: read.MAX_CONNECTIONS,
    },
    introspection: read.INTROSPECTION === 'on',
    rateLimitPerMinute: read.RATE_LIMIT_PER_MINUTE,
    logLevel: read.LOG_LEVEL,
    banner: read.BANNER === 'on',
    metrics: read.METRICS === 'on',
    metricsPort: read.METRICS_PORT ?? null,
    tracing: readTracing(read),
    shutdownDelayMs: read.SHUTDOWN_DELAY_MS,
  };
}

/** The address of traces as OpenTelemetry's exporters make it: given whole, or a folder below the common one. */
function readTracing(read: z.infer<typeof variables>): TracingOptions | null {
  const common = read.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/*$/, '/v1/traces');
  const url = read.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? common;
  return url === undefined ? null : { url, serviceName: read.OTEL_SERVICE_NAME };
}

function showIssue(issue: z.core.$ZodIssue, given: Environment): string {
  const name = String(issue.path[0]);
  const expected = issue.code === 'invalid_value' ? `expected one of ${issue.values.join(', ')}` : issue.message;
  return `${name}: ${expected}, but received ${secretVariables.has(name) ? 'another text' : JSON.stringify(given[name])}`;
}

/** Variables that would have no effect: a misspelt name, or one of the other kind of upstream. */
function misplaced(given: Environment): string[] {
  const known = variableNames.filter((name) => /^IMS_|^IAM_/.test(name));
  const unknown = Object.keys(given).filter((name) => /^IMS_|^IAM_/.test(name) && !known.includes(name));
  const cloud = ['IMS_ENDPOINT', 'IMS_REGION'].find((name) => given[name] !== undefined);
  const idle =
    cloud !== undefined && given['EMBEDDED_IMAGES'] !== undefined
      ? [`EMBEDDED_IMAGES: expected no ${cloud} beside it, as only the embedded image service makes images up`]
      : [];
  return [...unknown.map((name) => `${name}: expected one of ${known.join(', ')}`), ...cloudMistakes(given), ...idle];
}
