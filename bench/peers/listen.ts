import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** Tells the bench where GraphQL is served; takes scheme, host and port. */
export const announce = (url: string): void => {
  process.stdout.write(`${url}/graphql\n`);
};

/** Serves on a free port of this machine. */
export async function listen(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
  announce(`http://127.0.0.1:${address.port}`);
}
