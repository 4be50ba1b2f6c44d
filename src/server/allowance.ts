import { type CallerPolicy, type HeaderReader, headersToCaller } from './caller.ts';
import { createRateLimit } from './rate-limit.ts';
import type { RequestRecord } from './request-record.ts';

/** How often each caller may ask. Callers are told apart by their tokens, and by their addresses where they bring none. */
export interface Allowance {
  readonly perMinute: number;
  /**
   * Takes one request from the caller's allowance, once however often it is called for one request; answers 0, or how many
   * milliseconds the caller has to wait.
   */
  take(headers: HeaderReader, record: RequestRecord): number;
}

const tokensOnly: CallerPolicy = { kind: 'forwarded', anonymousToken: null };

/** Full allowances for everybody. */
export function createAllowance(perMinute: number, callers: CallerPolicy): Allowance {
  const limit = createRateLimit(perMinute);
  return {
    perMinute,
    take(headers, record) {
      const caller = callers.kind === 'forwarded' ? headersToCaller(headers, tokensOnly) : null;
      record.waitMs ??= limit.take(caller?.key ?? record.remoteAddress());
      return record.waitMs;
    },
  };
}
