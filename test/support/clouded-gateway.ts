import { type Cloud, startCloud } from './cloud.ts';
import { type GraphqlAnswer, startTestGateway } from './gateway.ts';

/** A gateway with credentials of its own, over a cloud whose every answer a test controls. */
export interface CloudedGateway extends AsyncDisposable {
  readonly cloud: Cloud;
  /** The monotonic clock of the gateway, in milliseconds. */
  readonly clock: { ms: number };
  /** Everything that was logged as an error or a warning. */
  readonly logged: readonly string[];
  /** Asks for images of some name; each name is another question. */
  ask(name: string, signal?: AbortSignal): Promise<GraphqlAnswer<unknown>>;
  /** Asks so many different questions at once. */
  askMany(count: number, prefix?: string): Promise<GraphqlAnswer<unknown>[]>;
}

/** What {@link CloudedGateway.ask} gives when all is well. */
export const onePage = { data: { images: { edges: [{ node: { id: 'image-1' } }] } } };

/** Asks each question once unless `env` says otherwise. */
export async function startCloudedGateway(
  env: (url: string) => Readonly<Record<string, string>>,
): Promise<CloudedGateway> {
  const cloud = await startCloud();
  const clock = { ms: 1000 };
  const gateway = await startTestGateway({
    env: { IMS_ENDPOINT: cloud.url, IMS_MAX_RETRIES: '0', ...env(cloud.url) },
    now: () => clock.ms,
  });
  const ask: CloudedGateway['ask'] = (name, signal) =>
    gateway.ask<unknown>(
      'query ($name: String!) { images(first: 1, filter: { name: [$name] }) { edges { node { id } } } }',
      { name },
      { headers: { 'x-auth-token': 'token-of-a-caller' }, ...(signal === undefined ? {} : { signal }) },
    );
  return {
    cloud,
    clock,
    logged: gateway.logged,
    ask,
    askMany: (count, prefix = 'name') =>
      Promise.all(Array.from({ length: count }, (_, number) => ask(`${prefix}-${number}`))),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
    },
  };
}
