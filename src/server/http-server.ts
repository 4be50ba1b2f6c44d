import { createServer, type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { REQUEST_ID_HEADER } from './request-id.ts';

/** What one client may take of the server's time and memory. */
export interface HttpLimits {
  /** Longest time for the head of a request to arrive. */
  readonly headersTimeoutMs: number;
  /** Longest time for a whole request to arrive. */
  readonly requestTimeoutMs: number;
  /** How long a connection is kept open without a request. */
  readonly keepAliveMs: number;
  readonly maxHeaderBytes: number;
  /** Most connections at once; more are closed as they come. */
  readonly maxConnections: number;
}

/** A server that answers with 408 what comes too slowly, with 431 what is too large, and with 400 what is not HTTP. */
export function createHttpServer(limits: HttpLimits, newRequestId: () => string, listener: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.maxHeaderBytes,
      // Node looks for late requests at this interval, not when they become late.
      connectionsCheckingInterval: Math.max(
        50,
        Math.min(1000, Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs) / 4),
      ),
    },
    listener,
  );
  server.maxConnections = limits.maxConnections;

  /** The responses of each connection that are not over; or, when all are, the last one. */
  const responses = new WeakMap<Socket, readonly ServerResponse[]>();
  server.on('connection', (socket: Socket) => {
    socket.once('close', () => {
      // Node tells only the first of them, which has the connection.
      for (const response of responses.get(socket) ?? []) if (!isOver(response)) response.emit('close');
    });
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    const before = responses.get(socket)?.filter((one) => !isOver(one)) ?? [];
    responses.set(socket, [...before, response]);
    response.on('finish', () => {
      if (request.complete) return;
      // What has been answered may have arrived whole, and the parser be about to say so.
      setImmediate(() => {
        if (!request.complete) lingerAndClose(socket);
      });
    });
  });
  server.on('clientError', (error: Error & { readonly code?: string }, socket: Socket) => {
    // After a part of an answer, another one would be read as more of it.
    const response = responses.get(socket)?.at(-1);
    const isAnswered = response?.headersSent ?? false;
    const isUsed = response?.writableFinished ?? false;
    if (!socket.writable || (isAnswered && !isUsed)) socket.destroy();
    else socket.end(bareAnswer(statusByCause.get(error.code ?? '') ?? 400, newRequestId()), () => socket.destroy());
  });
  return server;
}

/** Whether all of a response is out, or its client is gone. */
export const isOver = ({ closed, writableFinished }: ServerResponse): boolean => closed || writableFinished;

/** How long a client may take to read the answer to what it is still sending. */
const LINGER_MS = 1000;

/** Ends a connection whose request nobody reads any further. A reset at once could overtake the answer. */
function lingerAndClose(socket: Socket): void {
  socket.pause();
  socket.end();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}

const statusByCause = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
]);

const bareAnswer = (status: number, requestId: string): string =>
  [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    'Connection: close',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
