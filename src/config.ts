import { isIP } from 'node:net';
import { z } from 'zod';
import { readCloud } from './config/cloud.ts';
import { cloudMistakes, emptyMistakes } from './config/cloud-mistakes.ts';
import { cloudVariables, type Environment, origin, secretVariables } from './config/cloud-variables.ts';
import { milliseconds, wholeNumber } from './config/numbers.ts';
import { type OperationConfig, operationMistakes, operationVariables, readOperation } from './config/operation.ts';
import { readResilience, type ResilienceConfig, resilienceVariables } from './config/resilience.ts';
import { readWire, type WireConfig, wireMistakes, wireVariables } from './config/wire.ts';
import type { ImsClientOptions } from './upstream/client.ts';
import type { Credentials } from './upstream/credentials/credentials.ts';
import { MOST_SIGNED_AT_ONCE } from './upstream/credentials/key-guard.ts';

/** Where images come from. */
export type UpstreamConfig =
  /** The embedded image service over its sample catalogue, or over `generatedImages` that are made up. */
  | { readonly kind: 'embedded'; readonly generatedImages: number | null }
  /** The image service of a cloud. */
  | { readonly kind: 'cloud'; readonly endpoint: string };

export interface Config extends OperationConfig, ResilienceConfig, WireConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly upstream: UpstreamConfig;
  readonly client: Omit<ImsClientOptions, 'endpoint' | 'wallNow'>;
  readonly credentials: Credentials;
  /** Search criteria that the cloud lacks, by their query parameters. */
  readonly unsupportedParameters: ReadonlySet<string>;
  readonly corsOrigins: readonly string[];
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

/** Names of digits only are meant to be addresses. */
const isHost = (text: string): boolean =>
  isIP(text) !== 0 || (/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(text) && /[a-z]/i.test(text));

const originOrAny = z.union([z.literal('*'), origin('https://console.example.com')], {
  error: 'expected * or origins, such as https://console.example.com, separated by commas',
});

const variables = z.object({
  HOST: z.string().refine(isHost, 'expected an IP address or the name of a host').default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(4000),
  ...cloudVariables,
  IMS_CONNECTIONS: wholeNumber(1, 1000).default(50),
  IMS_CONNECT_TIMEOUT_MS: milliseconds.default(3000),
  IMS_HEADERS_TIMEOUT_MS: milliseconds.default(10_000),
  IMS_BODY_TIMEOUT_MS: milliseconds.default(5000),
  IMS_MAX_BODY_BYTES: wholeNumber(1024, 2 ** 30).default(32 * 2 ** 20),
  KNOWN_IMAGES_MAX_BYTES: wholeNumber(0, 2 ** 32).default(8 * 2 ** 20),
  ...resilienceVariables,
  EMBEDDED_IMAGES: wholeNumber(1, 100_000).optional(),
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(originOrAny))
    .default([]),
  SCAN_MAX_WINDOWS: wholeNumber(1, 1000).default(20),
  ...operationVariables,
  ...wireVariables,
});

/** Every variable that the gateway reads. */
export const variableNames: readonly string[] = Object.keys(variables.shape);

/** Reads the configuration. Throws a `ConfigError` that names every variable that cannot be used. */
export function readConfig(env: Environment): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(given);
  const mistakes = [...(parsed.error?.issues.map((issue) => showIssue(issue, given)) ?? []), ...misplaced(env, given)];
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
      maxBodyBytes: read.IMS_MAX_BODY_BYTES,
      knownImagesMaxBytes: read.KNOWN_IMAGES_MAX_BYTES,
    },
    credentials: cloud?.credentials ?? { kind: 'forwarded', anonymousToken: 'demo' },
    unsupportedParameters: new Set(read.IMS_UNSUPPORTED_PARAMETERS),
    corsOrigins: read.CORS_ORIGINS,
    scanMaxWindows: read.SCAN_MAX_WINDOWS,
    ...readResilience(read, read.IMS_CONNECTIONS, mostAtOnce(cloud?.credentials)),
    ...readOperation(read),
    ...readWire(read),
    // Its operations would be refused.
    graphiql: read.GRAPHIQL === 'on' && read.TRUSTED_DOCUMENTS_ONLY === 'off',
  };
}

/** How many requests may be on their way by these credentials. */
const mostAtOnce = (credentials: Credentials | undefined): number =>
  credentials?.kind === 'access-key' ? MOST_SIGNED_AT_ONCE : Number.POSITIVE_INFINITY;

function showIssue(issue: z.core.$ZodIssue, given: Environment): string {
  const name = String(issue.path[0]);
  const expected = issue.code === 'invalid_value' ? `expected one of ${issue.values.join(', ')}` : issue.message;
  return `${name}: ${expected}, but received ${isSecret(name, given[name] ?? '') ? 'another text' : JSON.stringify(given[name])}`;
}

/** Whether no message may hold the value: a secret, or an address with one in it. */
const isSecret = (name: string, value: string): boolean => secretVariables.has(name) || /\/\/[^/]*@/.test(value);

/** Variables that would have no effect: a misspelt name, or one of the other kind of upstream. */
function misplaced(env: Environment, given: Environment): string[] {
  const known = variableNames.filter((name) => /^IMS_|^IAM_/.test(name));
  const unknown = Object.keys(env).filter((name) => /^IMS_|^IAM_/.test(name) && !known.includes(name));
  const empty = emptyMistakes(env);
  const cloud = ['IMS_ENDPOINT', 'IMS_REGION'].find((name) => given[name] !== undefined);
  const idle =
    cloud !== undefined && given['EMBEDDED_IMAGES'] !== undefined
      ? [`EMBEDDED_IMAGES: expected no ${cloud} beside it, as only the embedded image service makes images up`]
      : [];
  return [
    ...unknown.map((name) => `${name}: expected one of ${known.join(', ')}`),
    ...(empty.length > 0 ? empty : cloudMistakes(given)),
    ...operationMistakes(given),
    ...wireMistakes(given),
    ...idle,
  ];
}
