import { z } from 'zod';
import { type CredentialPolicy, isToken } from './server/caller.ts';
import type { ImsClientOptions } from './upstream/client.ts';

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
  readonly credentials: CredentialPolicy;
  /** `freshMs` 0 switches the cache off. */
  readonly cache: { readonly freshMs: number; readonly maxBytes: number; readonly maxPages: number };
  readonly graphiql: boolean;
  readonly corsOrigins: readonly string[];
  readonly maxRequestBytes: number;
  /** Most list windows, of up to 500 rows, that one request may read. */
  readonly scanMaxWindows: number;
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

/** A scheme, host and port, with or without a slash at the end; read without it. */
const origin = (example: string) =>
  z
    .string()
    .refine((text) => {
      const url = URL.parse(text);
      return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '');
    }, `expected a scheme and host, such as ${example}`)
    .transform((text) => new URL(text).origin);

const variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(4000),
  IMS_ENDPOINT: origin('https://ims.ap-southeast-1.myhuaweicloud.com').optional(),
  IMS_LIST_PATH: z.enum(['/v1/cloudimages/fuzzy', '/v2/cloudimages']).default('/v1/cloudimages/fuzzy'),
  IMS_AUTH_TOKEN: z.string().refine(isToken, 'expected a token of visible ASCII characters').optional(),
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
  SCAN_MAX_WINDOWS: wholeNumber(1, 1000).default(20),
});

/** Every variable that the gateway reads. */
export const variableNames: readonly string[] = Object.keys(variables.shape);

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration. Throws a `ConfigError` that names every variable that cannot be used. */
export function readConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(given);
  const mistakes = [...(parsed.error?.issues.map((issue) => showIssue(issue, given)) ?? []), ...misplaced(given)];
  if (parsed.data === undefined || mistakes.length > 0) throw new ConfigError(mistakes);
  const read = parsed.data;
  return {
    host: read.HOST,
    port: read.PORT,
    upstream:
      read.IMS_ENDPOINT === undefined
        ? { kind: 'embedded', generatedImages: read.EMBEDDED_IMAGES ?? null }
        : { kind: 'cloud', endpoint: read.IMS_ENDPOINT },
    client: {
      listPath: read.IMS_LIST_PATH,
      connections: read.IMS_CONNECTIONS,
      connectTimeoutMs: read.IMS_CONNECT_TIMEOUT_MS,
      headersTimeoutMs: read.IMS_HEADERS_TIMEOUT_MS,
      bodyTimeoutMs: read.IMS_BODY_TIMEOUT_MS,
      deadlineMs: read.IMS_DEADLINE_MS,
      maxBodyBytes: read.IMS_MAX_BODY_BYTES,
    },
    credentials:
      read.IMS_AUTH_TOKEN === undefined
        ? { policy: 'forwarded', anonymousToken: read.IMS_ENDPOINT === undefined ? 'demo' : null }
        : { policy: 'own', token: read.IMS_AUTH_TOKEN },
    cache: { freshMs: read.CACHE_FRESH_MS, maxBytes: read.CACHE_MAX_BYTES, maxPages: read.CACHE_MAX_PAGES },
    graphiql: read.GRAPHIQL === 'on',
    corsOrigins: read.CORS_ORIGINS,
    maxRequestBytes: read.MAX_REQUEST_BYTES,
    scanMaxWindows: read.SCAN_MAX_WINDOWS,
  };
}

const secrets = new Set(['IMS_AUTH_TOKEN']);

function showIssue(issue: z.core.$ZodIssue, given: Environment): string {
  const name = String(issue.path[0]);
  const expected = issue.code === 'invalid_value' ? `expected one of ${issue.values.join(', ')}` : issue.message;
  return `${name}: ${expected}, but received ${secrets.has(name) ? 'another text' : JSON.stringify(given[name])}`;
}

/** Variables that would have no effect: a misspelt name, or one of the other kind of upstream. */
function misplaced(given: Environment): string[] {
  const known = variableNames.filter((name) => name.startsWith('IMS_'));
  const unknown = Object.keys(given).filter((name) => name.startsWith('IMS_') && !known.includes(name));
  const isEmbedded = given['IMS_ENDPOINT'] === undefined;
  const [idle, remedy] = isEmbedded
    ? [['IMS_AUTH_TOKEN', 'IMS_LIST_PATH'], 'IMS_ENDPOINT beside it, as the embedded image service takes none']
    : [['EMBEDDED_IMAGES'], 'no IMS_ENDPOINT beside it, as only the embedded image service makes images up'];
  return [
    ...unknown.map((name) => `${name}: expected one of ${known.join(', ')}`),
    ...idle.filter((name) => given[name] !== undefined).map((name) => `${name}: expected ${remedy}`),
  ];
}
