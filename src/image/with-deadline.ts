import { UpstreamError } from './errors.ts';

/**
 * Does `work` under a signal that aborts when `signal` does, and after `deadlineMs`. Rejects at that moment, whether the
 * work takes notice or not: with the signal's reason, or with `UPSTREAM_TIMEOUT`. Leaves no timer and no listener.
 */
export async function withDeadline<T>(
  deadlineMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const { promise: cut, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    // First, so that the reason wins over what the work makes of being aborted.
    reject(reason);
    controller.abort(reason);
  };
  const abort = () => end(signal.reason);
  const timer = setTimeout(() => end(tooLate(deadlineMs)), deadlineMs);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(controller.signal), cut]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

const tooLate = (deadlineMs: number): UpstreamError =>
  new UpstreamError('UPSTREAM_TIMEOUT', `The image service did not answer within ${deadlineMs} ms.`);
