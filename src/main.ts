import { randomUUID } from 'node:crypto';
import { ConfigError, readConfig, type UpstreamConfig } from './config.ts';
import { startGateway } from './gateway.ts';

try {
  const config = readConfig(process.env);
  const gateway = await startGateway(config, {
    now: () => performance.now(),
    wallNow: () => Date.now(),
    newRequestId: randomUUID,
    logError: console.error,
  });
  const address = gateway.graphqlUrl.replace('0.0.0.0', 'localhost').replace('127.0.0.1', 'localhost');
  console.log(`${config.graphiql ? 'GraphiQL' : 'GraphQL '}  ${address}\nUpstream  ${describe(config.upstream)}`);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      gateway.close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
} catch (error) {
  fail(error);
}

function describe(upstream: UpstreamConfig): string {
  if (upstream.kind === 'cloud') return upstream.endpoint;
  const catalogue =
    upstream.generatedImages === null ? 'its sample catalogue' : `${upstream.generatedImages} made-up images`;
  return `embedded image service over ${catalogue}`;
}

function fail(error: unknown): never {
  console.error(error instanceof ConfigError || isAddressError(error) ? error.message : error);
  process.exit(1);
}

function isAddressError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}
