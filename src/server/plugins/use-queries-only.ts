import { type ASTVisitor, GraphQLError, OperationTypeNode, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Refuses mutations and subscriptions as what they are here: operations that the schema does not have. */
export function useQueriesOnly(): Plugin {
  return { onValidate: ({ addValidationRule }) => addValidationRule(queriesOnly) };
}

/** The rule by itself: an operation is a query. */
export const queriesOnly = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (node.operation === OperationTypeNode.QUERY) return;
    context.reportError(new GraphQLError(`Expected a query, but received a ${node.operation}.`, { nodes: node }));
  },
});
