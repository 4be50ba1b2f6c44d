import type { GraphQLError } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';
import { type ErrorCode, errorKinds } from '../image/errors.ts';

/**
 * A request that is refused before anything runs. As GraphQL over HTTP has it, the status is 200 for clients that take no
 * `application/graphql-response+json`.
 */
export const toRequestError = (code: ErrorCode, message: string = errorKinds[code].meaning): GraphQLError =>
  createGraphQLError(message, { extensions: { code, http: { status: 400, spec: true } } });
