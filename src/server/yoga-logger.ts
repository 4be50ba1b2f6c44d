import type { YogaLogger } from 'graphql-yoga';
import type { Logger } from 'pino';

/** What yoga says of unexpected errors; the rest of its words are of no use to operators. */
export function toYogaLogger(log: Logger, requestId: () => string | undefined): YogaLogger {
  const write =
    (level: 'warn' | 'error') =>
    (...facts: unknown[]): void => {
      const err = facts.find((fact) => fact instanceof Error);
      log[level]({ requestId: requestId(), err }, 'unexpected error');
    };
  return { debug: () => {}, info: () => {}, warn: write('warn'), error: write('error') };
}
