import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isOver } from './http-server.ts';
import { stopListening } from './stop-listening.ts';

/** A server that listens. */
export interface Listener {
  /** Scheme, host and port. */
  readonly url: string;
  /**
   * From now on tells each client to close its connection. After `delayMs` takes no new ones, answers every request that
   * has arrived or still arrives over an open one, but for those behind its last answer, and resolves when all are closed;
   * after `graceMs` more at the latest.
   */
  close(delayMs: number, graceMs: number): Promise<void>;
}

/**
 * How long connections without a request stay open when the server closes. A client may just have sent a request over
 * one; it would be lost.
 */
const LINGER_MS = 300;

const tellToClose = (response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader('connection', 'close');
};

/** Listens on an address; port 0 takes a free one. Rejects if the address cannot be had. */
export async function listenOn(server: Server, host: string, port: number): Promise<Listener> {
  /** The latest of each connection; those before it are answered first. */
  const responses = new Map<Socket, ServerResponse>();
  const unanswered = {
    get size() {
      return responses.values().reduce((count, response) => (isOver(response) ? count : count + 1), 0);
    },
  };
  let isClosing = false;
  let onIdle: (() => void) | null = null;
  const closeAfter = (response: ServerResponse): void => {
    tellToClose(response);
    response.once('close', () => {
      if (unanswered.size === 0) onIdle?.();
    });
  };
  server.on('connection', (socket: Socket) => {
    socket.once('close', () => {
      responses.delete(socket);
      if (unanswered.size === 0) onIdle?.();
    });
  });
  // Before all others, which may answer at once.
  server.prependListener('request', ({ socket }, response: ServerResponse) => {
    responses.set(socket, response);
    if (isClosing) closeAfter(response);
  });

  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;

  const drain = async (delayMs: number, graceMs: number): Promise<void> => {
    isClosing = true;
    for (const response of responses.values()) if (!isOver(response)) closeAfter(response);
    if (delayMs > 0) await delay(delayMs);
    const closed = once(server, 'close');
    await stopListening(server, unanswered);
    const end = () => server.closeAllConnections();
    const deadline = setTimeout(end, graceMs);
    const endIfIdle = () => {
      // What has reached the machine is read before the next turn.
      setImmediate(() => {
        if (unanswered.size === 0) end();
      });
    };
    const linger = setTimeout(
      () => {
        onIdle = endIfIdle;
        if (unanswered.size === 0) endIfIdle();
      },
      Math.min(LINGER_MS, graceMs),
    );
    await closed;
    clearTimeout(deadline);
    clearTimeout(linger);
    // Ends what only the HTTP server has: its look-out for late requests.
    server.close();
  };
  let closing: Promise<void> | null = null;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: (delayMs, graceMs) => (closing ??= drain(delayMs, graceMs)),
  };
}
