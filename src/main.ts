import { ConfigError, readConfig } from './config.ts';
import { startGateway } from './gateway.ts';

try {
  const config = readConfig(process.env);
  const gateway = await startGateway(config, { now: () => performance.now(), logError: console.error });
  const address = gateway.graphqlUrl.replace('0.0.0.0', 'localhost').replace('127.0.0.1', 'localhost');
  const upstream =
    config.upstream.kind === 'cloud' ? config.upstream.endpoint : 'embedded image service over its sample catalogue';
  console.log(`${config.graphiql ? 'GraphiQL' : 'GraphQL '}  ${address}\nUpstream  ${upstream}`);

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

function fail(error: unknown): never {
  console.error(error instanceof ConfigError || isAddressError(error) ? error.message : error);
  process.exit(1);
}

function isAddressError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}
