import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { type Config, ConfigError, readConfig, type UpstreamConfig } from './config.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { createLogBlocks } from './telemetry/log-blocks.ts';
import { createLog } from './telemetry/log.ts';

const stdout = pino.destination({ dest: 1, sync: true });
const lines = createLogBlocks({ write: (block) => stdout.write(block), characters: 32_768, everyMs: 100 });
process.on('exit', () => lines.flush());

try {
  const config = readConfig(process.env);
  const log = createLog({ level: config.logLevel, destination: lines, wallNow: Date.now });
  const gateway = await startGateway(config, {
    now: () => performance.now(),
    wallNow: Date.now,
    random: Math.random,
    newRequestId: randomUUID,
    log,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'closing');
      gateway.close().then(
        () => {
          log.info('closed');
          process.exit(0);
        },
        (error: unknown) => fail(error),
      );
    });
  }

  if (config.banner) console.log(introduce(config, gateway));
  log.info(
    { url: gateway.graphqlUrl, metricsUrl: gateway.metricsUrl, upstream: describe(config.upstream) },
    'listening',
  );
} catch (error) {
  fail(error);
}

function introduce(config: Config, { graphqlUrl }: Gateway): string {
  const address = graphqlUrl.replace('0.0.0.0', 'localhost').replace('127.0.0.1', 'localhost');
  return `${config.graphiql ? 'GraphiQL' : 'GraphQL '}  ${address}\nUpstream  ${describe(config.upstream)}`;
}

function describe(upstream: UpstreamConfig): string {
  if (upstream.kind === 'cloud') return upstream.endpoint;
  const catalogue =
    upstream.generatedImages === null ? 'its sample catalogue' : `${upstream.generatedImages} made-up images`;
  return `embedded image service over ${catalogue}`;
}

function fail(error: unknown): never {
  if (error instanceof ConfigError) console.error(error.message);
  else if (isAddressError(error))
    console.error(`HOST and PORT: expected an address to listen on, but: ${error.message}`);
  else console.error(error);
  process.exit(1);
}

function isAddressError(error: unknown): error is Error {
  return (
    error instanceof Error && 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'getaddrinfo')
  );
}
