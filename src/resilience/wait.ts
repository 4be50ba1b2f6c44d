import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after so many milliseconds. Rejects with the signal's reason once it aborts, and leaves no timer. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
