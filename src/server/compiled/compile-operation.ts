import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import type { ImageContext } from '../../schema/context.ts';
import { completeSelections } from './complete.ts';
import { NotCompiled } from './not-compiled.ts';
import type { Execution } from './execution.ts';

/** An operation whose every step is known before a request comes. */
export interface CompiledOperation {
  /**
   * The data of the answer: what the interpreter would give, in the same order. Throws or rejects where an answer would
   * have errors; of what it has begun then, nothing is left that could fail unseen.
   */
  run(context: ImageContext, variables: Readonly<Record<string, unknown>>): unknown;
}

/** Compiles a valid operation; null for one that the interpreter has to execute. */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledOperation | null {
  const type = schema.getQueryType();
  if (operation.operation !== OperationTypeNode.QUERY || !type) return null;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const definitions = operation.variableDefinitions ?? [];
  try {
    const complete = completeSelections({ schema, fragments }, type, [operation.selectionSet]);
    return {
      run(context, given) {
        const { coerced, errors } = getVariableValues(schema, definitions, given, { maxErrors: 1 });
        if (errors !== undefined) throw new NotCompiled();
        const execution: Execution = { context, schema, fragments, operation, variables: coerced };
        return complete(undefined, execution, undefined);
      },
    };
  } catch (error) {
    // Arguments that cannot be used throw what the interpreter would say of them.
    if (error instanceof Error) return null;
    throw error;
  }
}
