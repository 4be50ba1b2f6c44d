import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/config.ts';
import type { Catalogue } from '../../src/embedded/catalogue.ts';
import { createEmbeddedIms, type EmbeddedIms } from '../../src/embedded/server.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';

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
  /** Everything that was logged as an error or a warning. */
  readonly logged: string[];
  /** The answer without its `extensions`, which tell what it cost and differ where an answer was kept. */
  ask<Data = any>(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    init?: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
  ): Promise<GraphqlAnswer<Data>>;
  /** The whole answer. */
  askWhole: TestGateway['ask'];
}

export interface TestGatewayOptions {
  readonly catalogue?: Catalogue;
  /** The largest page of the embedded image service. */
  readonly maxLimit?: number;
  /** Environment variables of the gateway. */
  readonly env?: Readonly<Record<string, string>>;
  /** The cache's clock, in milliseconds. */
  readonly now?: () => number;
}

/** A gateway on a free port, over an embedded image service of its own whose requests and faults a test controls. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { catalogue, maxLimit, env = {}, now = () => performance.now() } = options;
  let requests: string[] = [];
  const ims = createEmbeddedIms({
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(maxLimit === undefined ? {} : { maxLimit }),
    onRequest: ({ url }) => requests.push(url.slice(url.indexOf('?') + 1)),
  });
  const endpoint = env['IMS_ENDPOINT'] ?? (await ims.listen()).url;
  const logged: string[] = [];
  const gateway: Gateway = await startGateway(readConfig({ PORT: '0', IMS_ENDPOINT: endpoint, ...env }), {
    now,
    newRequestId: randomUUID,
    logError: (...facts) => logged.push(facts.map(String).join(' ')),
  });

  const askWhole: TestGateway['ask'] = async (query, variables = {}, { headers = {}, signal } = {}) => {
    const response = await fetch(gateway.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': 'demo', ...headers },
      body: JSON.stringify({ query, variables }),
      ...(signal === undefined ? {} : { signal }),
    });
    return response.json() as Promise<GraphqlAnswer<any>>;
  };

  return {
    url: gateway.graphqlUrl,
    ims,
    logged,
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    askWhole,
    async ask(...question) {
      const { extensions: _cost, ...answer } = await askWhole(...question);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await ims.close();
      await gateway.close();
    },
  };
}
