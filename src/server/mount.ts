import type { IncomingMessage, ServerResponse } from 'node:http';

/** A handler of other paths on the same port. */
export interface Mount {
  serves(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void;
}
