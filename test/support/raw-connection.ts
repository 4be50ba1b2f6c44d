import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which a test says every byte. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that has arrived. */
  readonly received: string;
  /** Resolves when the connection is closed, from either side. */
  readonly closed: Promise<void>;
  /** Resolves when this has arrived, or when the connection is closed without it. */
  arrived(text: RegExp): Promise<void>;
}

/** Connects to the host and port of a URL. */
export async function openConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (part) => (received += part));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  return {
    socket,
    closed,
    get received() {
      return received;
    },
    async arrived(text) {
      while (!text.test(received) && !socket.closed) await Promise.race([once(socket, 'data'), closed]);
    },
  };
}
