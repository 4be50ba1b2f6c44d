import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { createFirstOfTurn } from './first-of-turn.ts';

/**
 * Takes the body of a request out of it; null, and nothing is taken, where it is not there as a whole when its first
 * bytes are. `wait` is called if there is none of them yet; if none ever comes, `then` is not called.
 */
type TakeBody = (
  request: IncomingMessage,
  sizeBytes: number,
  wait: () => void,
  then: (body: Buffer | null) => void,
) => void;

/**
 * Of the requests that arrive in one turn of the event loop the first is read at once, and the others when all have
 * arrived: their answers then leave together.
 */
export function createTakeBody(): TakeBody {
  const isFirst = createFirstOfTurn();
  return (request, sizeBytes, wait, then) => {
    const isWhole = () => request.readableLength === sizeBytes;
    const take = () => {
      const body: unknown = isWhole() ? request.read() : null;
      then(Buffer.isBuffer(body) ? body : null);
    };
    const takeOrWait = () => {
      if (request.readableLength > 0) return take();
      wait();
      request.once(
        'readable',
        AsyncResource.bind(() => setImmediate(take)),
      );
    };
    // By then the parser has given what is in the packet of the head, most often the only one. It says that this was all some
    // moments later.
    process.nextTick(() => {
      if (isWhole() && isFirst()) take();
      else setImmediate(takeOrWait);
    });
  };
}
