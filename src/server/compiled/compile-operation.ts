import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { ImageContext } from '../../schema/context.ts';
import { completeSelections } from './complete.ts';
import type { Piece } from './pieces.ts';
import type { Execution } from './execution.ts';
import { compileVariables } from './variables.ts';

/** An operation whose every step is known before a request comes. */
export interface CompiledOperation {
  /**
   * The data of the answer as JSON, a character for each byte: what the interpreter would give, in the same order. Throws or rejects where an answer
   * would have errors; of what it has begun then, nothing is left that could fail unseen.
   */
  run(context: ImageContext, variables: Readonly<Record<string, unknown>>): Piece;
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
  try {
    const toVariables = compileVariables(schema, operation.variableDefinitions ?? []);
    const { write } = completeSelections({ schema, fragments }, type, [operation.selectionSet]);
    return {
      run(context, given) {
        const variables = toVariables(given);
        const execution: Execution = { context, schema, fragments, operation, variables, steps: new Map() };
        return write(undefined, execution, undefined);
      },
    };
  } catch (error) {
    // Arguments that cannot be used throw what the interpreter would say of them.
    if (error instanceof Error) return null;
    throw error;
  }
}
