import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** Something that answers GraphQL until it is disposed of. */
export interface Service extends AsyncDisposable {
  readonly url: string;
}

/** Serves on a port of this machine; port 0 takes a free one. Rejects if the port is taken. */
export async function listen(handler: RequestListener, port: number): Promise<Service> {
  const server = createServer(handler);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === 'object' && address !== null ? address.port : port}/graphql`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
