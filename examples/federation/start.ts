import { once } from 'node:events';
import { startHiveGateway } from './start-hive-gateway.ts';
import { startImages } from './start-images.ts';
import { startServers } from './servers/start-servers.ts';
import { readSupergraph } from './supergraph.ts';

const port = (name: string, usual: number): number => Number(process.env[name] ?? usual);

try {
  await using stack = new AsyncDisposableStack();
  const images = stack.use(await startImages(port('IMAGES_PORT', 4101)));
  const servers = stack.use(await startServers(port('SERVERS_PORT', 4102)));
  const supergraph = readSupergraph({ images: images.url, servers: servers.url });
  const gateway = stack.use(await startHiveGateway(supergraph, port('GATEWAY_PORT', 4100)));
  console.log(`Images   ${images.url}\nServers  ${servers.url}\nBoth     ${gateway.url}\nCtrl-C stops all three.`);
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
