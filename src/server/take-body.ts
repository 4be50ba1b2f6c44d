import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';

/**
 * Takes the body of a request out of it; null, and nothing is taken, where it is not there as a whole when its first
 * bytes are. `wait` is called if there is none of them yet; if none ever comes, `then` is not called.
 */
export function takeBody(
  request: IncomingMessage,
  sizeBytes: number,
  wait: () => void,
  then: (body: Buffer | null) => void,
): void {
  const take = () => {
    const body: unknown = request.readableLength === sizeBytes ? request.read() : null;
    then(Buffer.isBuffer(body) ? body : null);
  };
  // By then the parser is through with what has arrived: most often all of it, and it knows that this is all.
  setImmediate(() => {
    if (request.readableLength > 0) return take();
    wait();
    request.once(
      'readable',
      AsyncResource.bind(() => setImmediate(take)),
    );
  });
}
