import { getOperationAST, GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { RequestRecord, ServerContext } from '../request-record.ts';

/** Longest operation name that is told; clients choose them. */
const MAX_NAME = 80;

/** Notes what was executed and what went wrong for the log, and puts the request's id into each error. */
export function useRequestRecord(): Plugin<ServerContext, ServerContext> {
  return {
    onRequestParse({ serverContext }) {
      serverContext.record.begin();
    },
    onExecute({ args }) {
      const { record }: ServerContext = args.contextValue;
      record.operation = operationToFacts(getOperationAST(args.document, args.operationName));
    },
    onResultProcess({ result, setResult, serverContext: { record } }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result || result.errors === undefined) return;
      record.codes = [...new Set(result.errors.map(codeOf))];
      setResult({ ...result, errors: result.errors.map((error) => withRequestId(error, record.requestId)) });
    },
  };
}

/** What is told of an operation. */
export const operationToFacts = (
  operation: OperationDefinitionNode | null | undefined,
): RequestRecord['operation'] => ({
  operationName: operation?.name?.value.slice(0, MAX_NAME) ?? null,
  operationType: operation?.operation ?? null,
});

const codeOf = ({ extensions }: GraphQLError): string =>
  typeof extensions['code'] === 'string' ? extensions['code'] : 'UNKNOWN';

const withRequestId = (error: GraphQLError, requestId: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    originalError: error.originalError ?? null,
    extensions: { ...error.extensions, requestId },
  });
