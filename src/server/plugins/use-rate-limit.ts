import { createGraphQLError, type Plugin } from 'graphql-yoga';
import { type ErrorCode, errorKinds } from '../../image/errors.ts';
import type { Allowance } from '../allowance.ts';
import type { ServerContext } from '../request-record.ts';

/** Refuses, before its body is read, a GraphQL request of a caller that has asked too often. */
export function useRateLimit({ perMinute, take }: Allowance): Plugin<ServerContext, ServerContext> {
  return {
    onRequestParse({ request, serverContext: { record } }) {
      const waitMs = take(request.headers, record);
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
