import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { listenOn } from '../../src/server/listen.ts';

/** The answer over a connection of its own, or the code of the error. */
function ask(url: string): Promise<string> {
  const asked = request(url, { agent: false });
  return new Promise((resolve) => {
    asked.on('error', (error: Error & { readonly code?: string }) => resolve(error.code ?? error.message));
    asked.on('response', (response) => void text(response).then(resolve));
    asked.end();
  });
}

test('connections that clients have opened when the server closes are taken and answered; later ones are refused', async () => {
  const server = createServer((_, response) => response.end('answered'));
  const listener = await listenOn(server, '127.0.0.1', 0);
  const pending = Array.from({ length: 100 }, () => ask(listener.url));
  // By now the machine has opened the connections, and Node has taken one or none.
  await turn();
  const closed = listener.close(0, 5000);
  expect(new Set(await Promise.all(pending))).toEqual(new Set(['answered']));
  expect(await ask(listener.url)).toBe('ECONNREFUSED');
  await closed;
});

test('clients that come without end do not keep it from closing', async () => {
  const server = createServer((_, response) => response.end('answered'));
  const listener = await listenOn(server, '127.0.0.1', 0);
  const come = async (): Promise<string> => {
    const outcome = await ask(listener.url);
    return outcome === 'answered' ? come() : outcome;
  };
  const clients = Array.from({ length: 20 }, come);
  await listener.close(0, 5000);
  expect(await Promise.all(clients)).toContain('ECONNREFUSED');
});
