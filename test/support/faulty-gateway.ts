import { type FaultServer, startFaultServer } from './fault-server.ts';
import { type GraphqlAnswer, startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';

/** A caller's token, long enough that parts of it could be told. */
export const TOKEN = 'MIIFsecret0token1of2the3caller4MIIF';

/** What {@link FaultyGateway.askFirst} gives when all is well. */
export const firstPage = { data: { images: { edges: [{ node: { id: 'image-1' } }] } } };

export interface FaultyGateway extends AsyncDisposable {
  readonly upstream: FaultServer;
  readonly gateway: TestGateway;
  /** Everything that was logged as an error or a warning. */
  readonly logged: readonly string[];
  /** Asks with {@link TOKEN}. */
  ask(query: string, signal?: AbortSignal): Promise<GraphqlAnswer<unknown>>;
  /** Asks for `first` images with {@link TOKEN}; each number is another upstream query. */
  askFirst(first?: number, signal?: AbortSignal): Promise<GraphqlAnswer<unknown>>;
}

/**
 * A gateway on a free port, over an upstream whose every byte a test controls. Asks each question once unless `env` says
 * otherwise, so that one fault is one failure.
 */
export async function startFaultyGateway(
  env: Readonly<Record<string, string>> = {},
  options: Omit<TestGatewayOptions, 'env'> = {},
): Promise<FaultyGateway> {
  const upstream = await startFaultServer();
  const gateway = await startTestGateway({
    ...options,
    env: { IMS_ENDPOINT: upstream.url, IMS_MAX_RETRIES: '0', ...env },
  });
  const ask: FaultyGateway['ask'] = (query, signal) =>
    gateway.ask<unknown>(
      query,
      {},
      { headers: { 'x-auth-token': TOKEN }, ...(signal === undefined ? {} : { signal }) },
    );
  return {
    upstream,
    gateway,
    logged: gateway.logged,
    ask,
    askFirst: (first = 1, signal) => ask(`{ images(first: ${first}) { edges { node { id } } } }`, signal),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}
