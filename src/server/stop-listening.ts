import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** Most turns of the event loop, each of which takes one connection, before the server stops to listen in any case. */
const MOST_TURNS = 1000;

/**
 * Stops to listen, and leaves all connections open. Those that clients have opened, but that the machine still holds for
 * the server, would be reset; so they are taken first, until a turn of the event loop brings none and no answer, after
 * which a client would come again. They are read only afterwards: reading them would make the turns long, and what comes
 * during the last turn is lost.
 */
export async function stopListening(server: Server, unanswered: { readonly size: number }): Promise<void> {
  const taken: Socket[] = [];
  const take = (socket: Socket) => {
    taken.push(socket);
    // The HTTP server, which is told of it first, has asked for it to be resumed on the next tick.
    process.nextTick(() => socket.pause());
  };
  server.on('connection', take);
  // The present turn may have looked for connections before.
  await turn();
  for (let turns = 0, before = ''; turns < MOST_TURNS; turns += 1) {
    const now = `${taken.length} ${unanswered.size}`;
    if (now === before) break;
    before = now;
    await turn();
  }
  // Not that of the HTTP server, which ends connections between two requests at once.
  NetServer.prototype.close.call(server);
  server.off('connection', take);
  for (const socket of taken) socket.resume();
}
