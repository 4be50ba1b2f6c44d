import { once } from 'node:events';
import type { Server } from 'node:http';

/** A server that listens. */
export interface Listener {
  /** Scheme, host and port. */
  readonly url: string;
  /** Stops listening, resolves when the requests in flight have been answered, or after `graceMs` at the latest. */
  close(graceMs: number): Promise<void>;
}

/** Listens on an address; port 0 takes a free one. Rejects if the address cannot be had. */
export async function listenOn(server: Server, host: string, port: number): Promise<Listener> {
  let inFlight = 0;
  const answered: Array<() => void> = [];
  server.on('request', (_request, response) => {
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
      if (inFlight === 0) for (const tell of answered) tell();
    });
  });

  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;

  const drain = async (graceMs: number): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    const end = () => server.closeAllConnections();
    const timer = setTimeout(end, graceMs);
    // What is open without a request in flight would keep the server from closing: kept alive, or never used.
    answered.push(end);
    if (inFlight === 0) end();
    await closed;
    clearTimeout(timer);
  };
  let closing: Promise<void> | null = null;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: (graceMs) => (closing ??= drain(graceMs)),
  };
}
