import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, getOperationAST, type GraphQLSchema, Kind } from 'graphql';
import type { ImageContext } from './context.ts';

/** What is executed: an operation of a document, and its variables as they arrived. */
export interface Execution {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: ImageContext;
}

/** Costs that do not depend on variables. Documents are kept by the server's parser cache, so the same one comes again. */
const known = new WeakMap<DocumentNode, Map<string, number>>();

/**
 * What an operation costs by the schema's numbers; null where it reads nothing but the schema, and where it cannot be
 * said because an argument or a variable cannot be used, of which the execution fails anyway.
 */
export function operationCost(execution: Execution): number | null {
  const { schema, document, operationName, variables, context } = execution;
  const operation = getOperationAST(document, operationName);
  const asksForImages = operation?.selectionSet.selections.some(
    (selection) => selection.kind !== Kind.FIELD || !selection.name.value.startsWith('__'),
  );
  if (!operation || !asksForImages) return null;

  const costs = known.get(document) ?? new Map<string, number>();
  const name = operation.name?.value ?? '';
  const kept = costs.get(name);
  if (kept !== undefined) return kept;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const alone: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  try {
    const { complexity } = complexityFromQuery(alone, { schema, ctx: context, variables: { ...variables } });
    if (!operation.variableDefinitions?.length) known.set(document, costs.set(name, complexity));
    return complexity;
  } catch {
    return null;
  }
}
