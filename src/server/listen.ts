import { once } from 'node:events';
import type { Server } from 'node:http';

/** A server that listens. */
export interface Listener {
  /** Scheme, host and port. */
  readonly url: string;
  /** Stops listening and resolves when the last request in flight has been answered. */
  close(): Promise<void>;
}

/** Listens on an address; port 0 takes a free one. Rejects if the address cannot be had. */
export async function listenOn(server: Server, host: string, port: number): Promise<Listener> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection that is kept alive becomes idle only when its request in flight is answered.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearInterval(sweep);
}
