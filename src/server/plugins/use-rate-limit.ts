import { createGraphQLError, type Plugin } from 'graphql-yoga';
import { type ErrorCode, errorKinds } from '../../image/errors.ts';
import { type CallerPolicy, headersToCaller } from '../caller.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { ServerContext } from '../request-record.ts';

/**
 * Refuses, before its body is read, a GraphQL request of a caller that has asked too often. Callers are told apart by
 * their tokens, and by their addresses where they bring none.
 */
export function useRateLimit(perMinute: number, callers: CallerPolicy): Plugin<ServerContext, ServerContext> {
  const limit = createRateLimit(perMinute);
  const tokensOnly: CallerPolicy = { kind: 'forwarded', anonymousToken: null };
  return {
    onRequestParse({ request, serverContext: { record } }) {
      const caller = callers.kind === 'forwarded' ? headersToCaller(request.headers, tokensOnly) : null;
      const waitMs = limit.take(caller?.key ?? record.remoteAddress);
      if (waitMs === 0) return;
      const code = 'RATE_LIMITED' satisfies ErrorCode;
      const seconds = Math.ceil(waitMs / 1000);
      throw createGraphQLError(`Expected at most ${perMinute} requests a minute; ask again in ${seconds} s.`, {
        extensions: {
          code,
          retryable: errorKinds[code].retryable,
          http: { status: 429, headers: { 'retry-after': String(seconds) } },
        },
      });
    },
  };
}
