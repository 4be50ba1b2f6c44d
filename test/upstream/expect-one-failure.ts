import { expect } from 'vitest';
import { type ErrorCode, errorKinds, type UpstreamDetail } from '../../src/image/errors.ts';
import type { Reaction } from '../support/fault-server.ts';
import { firstPage, startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';

export interface ExpectedFailure {
  readonly fault: Reaction;
  /** Environment variables of the gateway. */
  readonly env?: Readonly<Record<string, string>>;
  readonly code: ErrorCode;
  /** Default: the meaning of the code. */
  readonly message?: string;
  /** What the client is told that upstream said. Default: nothing. */
  readonly upstream?: UpstreamDetail;
  /** What the client is told to wait. Default: nothing. */
  readonly retryAfterSeconds?: number;
  /** What upstream said, and no client may read. */
  readonly hidden?: readonly string[];
  /** Bound on the time, of which the slowest of machines is meant to stay well below. */
  readonly withinMs?: number;
}

/**
 * One upstream request meets the fault: the client gets one error, typed and without upstream's secrets; nothing is
 * logged, nothing is kept, and the same question is answered next.
 */
export async function expectOneFailure(expected: ExpectedFailure): Promise<void> {
  const { fault, env, code, message = errorKinds[code].meaning, upstream, hidden = [], withinMs = 5000 } = expected;
  await using gateway = await startFaultyGateway(env);
  gateway.upstream.next(fault);

  const started = performance.now();
  const failed = await gateway.askFirst();
  const elapsedMs = performance.now() - started;

  const { retryable } = errorKinds[code];
  const later = expected.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: expected.retryAfterSeconds };
  const extensions = { code, retryable, ...later, ...(upstream === undefined ? {} : { upstream }) };
  expect(failed).toEqual({
    data: null,
    errors: [{ message, path: ['images'], locations: [{ line: 1, column: 3 }], extensions }],
  });
  expect(gateway.upstream.requests).toMatchObject([{ token: TOKEN }]);
  expect(elapsedMs).toBeLessThan(withinMs);

  const { host, port } = new URL(gateway.upstream.url);
  const shown = JSON.stringify(failed);
  for (const secret of [TOKEN, host, `:${port}`, 'cloudimages', 'limit=', ...hidden]) {
    expect(shown).not.toContain(secret);
  }
  expect(gateway.logged).toEqual([]);

  expect(await gateway.askFirst()).toEqual(firstPage);
  expect(gateway.upstream.requests).toHaveLength(2);
}
