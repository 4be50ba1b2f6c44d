import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** What an upstream does to the connection once a request for the target, a path and query, has arrived whole. */
export type Reaction = (socket: Socket, target: string) => void;

export interface FaultRequest {
  /** Path and query. */
  readonly target: string;
  readonly token: string | null;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which connection it came over, counted from 0. */
  readonly connection: number;
  /** Resolves when that connection is closed. */
  readonly closed: Promise<void>;
}

/** An upstream on a real socket that does what a test says, byte by byte. */
export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  /** Every request that has arrived. */
  readonly requests: readonly FaultRequest[];
  /** How many connections were opened. */
  readonly connections: number;
  /** What the next requests meet, in this order. All after them get a page with the image `image-1`. */
  next(...reactions: Reaction[]): void;
  /** The request of this number, counted from 0, as soon as it has arrived. */
  arrival(number: number): Promise<FaultRequest>;
  /** Ends all connections and refuses new ones, until `listen`. */
  refuse(): Promise<void>;
  /** Listens on the same port again. */
  listen(): Promise<void>;
}

type Headers = Readonly<Record<string, string>>;

const head = (status: number, headers: Headers): string =>
  [`HTTP/1.1 ${status} Whatever`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  );

/** A complete answer; a body that is not text is sent as JSON. */
export const answer = (status: number, body: unknown = '', headers: Headers = {}): Reaction => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const length = { 'Content-Length': String(Buffer.byteLength(text)) };
  return (socket) => socket.write(head(status, { 'Content-Type': 'application/json', ...length, ...headers }) + text);
};

/** A head without a length, so that the body ends where the server says. */
export const chunkedHead = (status: number, headers: Headers = {}): string =>
  head(status, { ...headers, 'Transfer-Encoding': 'chunked' });

export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** These bytes, and then nothing more. */
export const bytes =
  (text: string): Reaction =>
  (socket) =>
    socket.write(text);

/** No answer, ever. */
export const hang: Reaction = () => {};

/** These bytes, if any, and then a connection that breaks. */
export const reset =
  (text = ''): Reaction =>
  (socket) => {
    // The bytes go out before the break: a reset at once may overtake them.
    if (text === '') socket.resetAndDestroy();
    else socket.write(text, () => socket.destroy());
  };

/** A body that goes on for as long as somebody reads it, one piece each `everyMs`. */
export const trickle =
  (piece: string, everyMs: number): Reaction =>
  (socket) => {
    socket.write(chunkedHead(200));
    const timer = setInterval(() => socket.write(chunk(piece)), everyMs);
    socket.once('close', () => clearInterval(timer));
  };

const toHeader = (line: string): [name: string, value: string] => {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
};

const page = answer(200, { images: [{ id: 'image-1' }] });

/** A fault server on a free port. */
export async function startFaultServer(): Promise<FaultServer> {
  const requests: FaultRequest[] = [];
  const reactions: Reaction[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let arrived = Promise.withResolvers<void>();

  const server = createServer((socket) => {
    const connection = connections;
    connections += 1;
    sockets.add(socket);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    void closed.then(() => sockets.delete(socket));
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (data) => {
      received += data.toString('latin1');
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [start = '', ...lines] = received.slice(0, end).split('\r\n');
      received = received.slice(end + 4);
      const headers = Object.fromEntries(lines.map(toHeader));
      const target = start.split(' ')[1] ?? '';
      requests.push({ target, token: headers['x-auth-token'] ?? null, headers, connection, closed });
      (reactions.shift() ?? page)(socket, target);
      arrived.resolve();
      arrived = Promise.withResolvers();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');

  const refuse = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    get connections() {
      return connections;
    },
    next: (...more) => void reactions.push(...more),
    async arrival(number) {
      for (;;) {
        const request = requests[number];
        if (request !== undefined) return request;
        await arrived.promise;
      }
    },
    refuse,
    async listen() {
      server.listen(address.port, '127.0.0.1');
      await once(server, 'listening');
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await refuse();
    },
  };
}
