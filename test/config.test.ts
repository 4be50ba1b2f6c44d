import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, variableNames } from '../src/config.ts';

const cloud = 'https://ims.ap-southeast-1.myhuaweicloud.com';

const mistakesOf = (env: Record<string, string>): string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim());
    throw error;
  }
  return [];
};

test('nothing set: the embedded image service, as the demo project', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 4000,
    upstream: { kind: 'embedded', generatedImages: null },
    credentials: { kind: 'forwarded', anonymousToken: 'demo' },
    graphiql: true,
  });
});

test('an empty variable is as good as none, where none leads to no other cloud and no other credentials', () => {
  expect(readConfig({ PORT: '', IMS_CONNECTIONS: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toEqual(readConfig({}));
});

test('an endpoint: every request needs a token of its own', () => {
  expect(readConfig({ IMS_ENDPOINT: cloud })).toMatchObject({
    upstream: { kind: 'cloud', endpoint: cloud },
    credentials: { kind: 'forwarded', anonymousToken: null },
  });
});

test('origins may end in a slash', () => {
  expect(readConfig({ CORS_ORIGINS: 'https://a.example/, https://b.example' }).corsOrigins).toEqual([
    'https://a.example',
    'https://b.example',
  ]);
});

test.each([
  ['HOST', '256.1.1.1', 'HOST: expected an IP address or the name of a host, but received "256.1.1.1"'],
  ['HOST', 'bad host', 'HOST: expected an IP address or the name of a host, but received "bad host"'],
  [
    'CORS_ORIGINS',
    'foo',
    'CORS_ORIGINS: expected * or origins, such as https://console.example.com, separated by commas, but received "foo"',
  ],
  [
    'IMS_ENDPOINT',
    'https://user:pw@host',
    'IMS_ENDPOINT: expected a scheme and host, such as https://ims.ap-southeast-1.myhuaweicloud.com, but received another text',
  ],
])('%s=%s is refused by name, and no password is quoted', (name, value, message) => {
  expect(() => readConfig({ [name]: value })).toThrow(`The configuration cannot be used:\n  ${message}`);
});

test.each(['::', '0.0.0.0', 'localhost', 'gateway-1.internal'])('HOST may be %s', (host) => {
  expect(readConfig({ HOST: host }).host).toBe(host);
});

test('an endpoint and a token: the gateway asks with its own', () => {
  expect(readConfig({ IMS_ENDPOINT: cloud, IMS_AUTH_TOKEN: 'MIIF' }).credentials).toEqual({
    kind: 'token',
    token: 'MIIF',
  });
});

const urlOf = (env: Record<string, string>) => readConfig(env).tracing?.url;

test('traces go where OpenTelemetry’s exporters would send them', () => {
  expect(readConfig({}).tracing).toBeNull();
  expect(urlOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' })).toBe('http://collector:4318/v1/traces');
  expect(urlOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector/otlp/' })).toBe('http://collector/otlp/v1/traces');
  const both = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces/here',
  };
  expect(urlOf(both)).toBe('http://traces/here');
});

describe('mistakes are named by variable', () => {
  test.each([
    [
      { METRICS: 'off', METRICS_PORT: '9464' },
      'METRICS_PORT: expected no METRICS=off beside it, as there is nothing to serve',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: expected one of debug, info, warn, error, silent, but received "loud"'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT: expected an address, such as http://localhost:4318, but received "collector:4318"',
    ],
    [{ PORT: 'http' }, 'PORT: expected a whole number from 0 to 65535, but received "http"'],
    [{ PORT: '70000' }, 'PORT: expected a whole number from 0 to 65535, but received "70000"'],
    [{ IMS_DEADLINE_MS: '-1' }, 'IMS_DEADLINE_MS: expected a whole number from 1 to 600000, but received "-1"'],
    [
      { IMS_ENDPOINT: 'ims.example.com' },
      'IMS_ENDPOINT: expected a scheme and host, such as https://ims.ap-southeast-1.myhuaweicloud.com, but received "ims.example.com"',
    ],
    [
      { IMS_ENDPOINT: `${cloud}/v1/cloudimages` },
      `IMS_ENDPOINT: expected a scheme and host, such as https://ims.ap-southeast-1.myhuaweicloud.com, but received "${cloud}/v1/cloudimages"`,
    ],
    [
      { IMS_ENDPOINT: cloud, IMS_LIST_PATH: '/v3' },
      'IMS_LIST_PATH: expected one of /v1/cloudimages/fuzzy, /v2/cloudimages, but received "/v3"',
    ],
    [
      { TRUSTED_DOCUMENTS_ONLY: 'on' },
      'TRUSTED_DOCUMENTS_ONLY: expected TRUSTED_DOCUMENTS beside it, as without documents nothing could run',
    ],
    [
      { TRUSTED_DOCUMENTS: 'x.json', TRUSTED_DOCUMENTS_ONLY: 'on', GRAPHIQL: 'on' },
      'GRAPHIQL: expected no TRUSTED_DOCUMENTS_ONLY=on beside it, as only trusted documents run then',
    ],
    [
      { TRUSTED_DOCUMENTS: 'x.json', TRUSTED_DOCUMENTS_ONLY: 'on', APQ_MAX_BYTES: '1000' },
      'APQ_MAX_BYTES: expected no TRUSTED_DOCUMENTS_ONLY=on beside it, as only trusted documents run then',
    ],
    [{ GRAPHIQL: 'yes' }, 'GRAPHIQL: expected one of on, off, but received "yes"'],
    [
      { IMS_AUTH_TOKEN: 'x' },
      'IMS_AUTH_TOKEN: expected IMS_REGION or IMS_ENDPOINT beside it, as the embedded image service takes none',
    ],
    [
      { IMS_ENDPOINT: cloud, EMBEDDED_IMAGES: '5' },
      'EMBEDDED_IMAGES: expected no IMS_ENDPOINT beside it, as only the embedded image service makes images up',
    ],
  ])('%j', (env, mistake) => {
    expect(mistakesOf(env)).toEqual([mistake]);
  });

  test('all at once, a misspelt name among them', () => {
    const mistakes = mistakesOf({ PORT: 'x', CACHE_FRESH_MS: 'y', IMS_ENDPIONT: cloud });
    expect(mistakes).toHaveLength(3);
    expect(mistakes[2]).toContain('IMS_ENDPIONT: expected one of IMS_REGION, IMS_CLOUD, IMS_ENDPOINT, ');
  });

  test('a token is never shown', () => {
    expect(mistakesOf({ IMS_ENDPOINT: cloud, IMS_AUTH_TOKEN: 'top secret' }).join()).not.toContain('top secret');
  });
});

test('the README describes every variable', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(variableNames.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
});
