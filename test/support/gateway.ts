import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/config.ts';
import type { Catalogue } from '../../src/embedded/catalogue.ts';
import { createEmbeddedIms, type EmbeddedIms } from '../../src/embedded/server.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import type { Observe } from '../../src/image/events.ts';
import { createLog } from '../../src/telemetry/log.ts';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly [name: string]: unknown };
}

export interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphqlError[];
  readonly extensions?: Readonly<Record<string, any>>;
}

export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly ims: EmbeddedIms;
  /** The query string of every list request that reached upstream since the last call. */
  takeRequests(): string[];
  /** How many requests for tokens have reached upstream. */
  readonly tokenRequests: number;
  /** Every line of the log that tells of a mistake of the gateway. */
  readonly logged: string[];
  /** The latest lines of the log, of all levels. */
  readonly log: Record<string, any>[];
  /** Where metrics are served. */
  readonly metricsUrl: string | null;
  /** The answer without its `extensions`, which tell what it cost, and its errors without the id of the request. */
  ask<Data = any>(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    init?: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
  ): Promise<GraphqlAnswer<Data>>;
  /** The whole answer. */
  askWhole: TestGateway['ask'];
}

type Environment = Readonly<Record<string, string>>;

export interface TestGatewayOptions {
  readonly catalogue?: Catalogue;
  /** The largest page of the embedded image service. */
  readonly maxLimit?: number;
  /** Environment variables of the gateway, over its own embedded service if `IMS_ENDPOINT` is empty; or how to make them of the embedded service's address. */
  readonly env?: Environment | ((imsUrl: string) => Environment);
  /** The monotonic clock of the gateway, in milliseconds. */
  readonly now?: () => number;
  /** The wall clock of the gateway. */
  readonly wallNow?: () => number;
  /** The wall clock of the embedded image service. */
  readonly imsWallNow?: () => number;
  /** Is told what happens between questions and answers. */
  readonly observe?: Observe;
}

/** A gateway on a free port, over an embedded image service of its own whose requests and faults a test controls. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { catalogue, maxLimit, now = () => performance.now(), wallNow = Date.now, imsWallNow = Date.now } = options;
  let requests: string[] = [];
  let tokenRequests = 0;
  const ims = createEmbeddedIms({
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(maxLimit === undefined ? {} : { maxLimit }),
    wallNow: imsWallNow,
    onRequest: ({ url }) => {
      if (url.includes('/cloudimages')) requests.push(url.slice(url.indexOf('?') + 1));
      else tokenRequests += 1;
    },
  });
  const isElsewhere = typeof options.env === 'object' && options.env['IMS_ENDPOINT'] !== undefined;
  const endpoint = isElsewhere ? '' : (await ims.listen()).url;
  const env = typeof options.env === 'function' ? options.env(endpoint) : options.env;
  const logged: string[] = [];
  const log: Record<string, any>[] = [];
  const write = (line: string) => {
    const facts = JSON.parse(line);
    log.push(facts);
    if (log.length > 1000) log.shift();
    if (facts.level === 'error') logged.push(line);
  };
  const { IMS_ENDPOINT: address = endpoint, ...others } = env ?? {};
  const upstream = address === '' ? {} : { IMS_ENDPOINT: address };
  const gateway: Gateway = await startGateway(readConfig({ PORT: '0', ...upstream, ...others }), {
    now,
    wallNow,
    random: Math.random,
    newRequestId: randomUUID,
    observe: (event) => {
      if (event.kind !== 'asked' && event.kind !== 'answered') options.observe?.(event);
    },
    log: createLog({ level: 'debug', destination: { write }, wallNow: Date.now }),
  });

  const askWhole: TestGateway['ask'] = async (query, variables = {}, { headers = {}, signal } = {}) => {
    const response = await fetch(gateway.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': 'demo', connection: 'close', ...headers },
      body: JSON.stringify({ query, variables }),
      ...(signal === undefined ? {} : { signal }),
    });
    return response.json() as Promise<GraphqlAnswer<any>>;
  };

  return {
    url: gateway.graphqlUrl,
    ims,
    logged,
    log,
    metricsUrl: gateway.metricsUrl,
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    get tokenRequests() {
      return tokenRequests;
    },
    askWhole,
    async ask(...question) {
      const { extensions: _cost, errors, ...answer } = await askWhole(...question);
      return errors === undefined ? answer : { ...answer, errors: errors.map(withoutRequestId) };
    },
    async [Symbol.asyncDispose]() {
      await ims.close();
      await gateway.close();
    },
  };
}

function withoutRequestId({ extensions, ...error }: GraphqlError): GraphqlError {
  const { requestId: _id, ...facts } = extensions ?? {};
  return { ...error, extensions: facts };
}
