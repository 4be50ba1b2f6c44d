import {
  DirectiveLocation,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { limits } from '../plugins/use-limits.ts';
import { arePlainDirectives, arePlainSelections, type Met, type Walk } from './plain-selections.ts';
import { toPlainVariables } from './plain-values.ts';

/** Most fragments of a document; see the bounds of the walk. */
const MAX_FRAGMENTS = 40;

/**
 * Whether a document is valid by all rules of the server, as far as one walk that says nothing of mistakes can tell. What
 * it accepts is valid. What it does not accept may be valid or not; questions about the schema it never accepts.
 */
export function isPlainlyValid(schema: GraphQLSchema, { definitions }: DocumentNode): boolean {
  const operations = new Map<string | undefined, OperationDefinitionNode>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.set(definition.name?.value, definition);
    else if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const areNamedOnce = operations.size + fragments.size === definitions.length;
  const isAloneIfUnnamed = !operations.has(undefined) || operations.size === 1;
  if (!areNamedOnce || !isAloneIfUnnamed || fragments.size > MAX_FRAGMENTS) return false;

  const met: Met = { fragments: new Set(), selections: 0, spreads: 0, repeated: 0 };
  for (const operation of operations.values()) {
    if (!isPlainOperation(operation, schema, fragments, met)) return false;
  }
  return met.fragments.size === fragments.size;
}

function isPlainOperation(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  fragments: Walk['fragments'],
  met: Met,
): boolean {
  const type = schema.getQueryType();
  const variables = toPlainVariables(schema, operation.variableDefinitions);
  if (!type || operation.operation !== OperationTypeNode.QUERY || variables === null) return false;
  const walk: Walk = { schema, fragments, variables, aliases: 0, directives: 0, met };
  return (
    arePlainDirectives(walk, operation.directives, DirectiveLocation.QUERY) &&
    arePlainSelections(walk, operation.selectionSet, type, new Map(), 1) &&
    walk.aliases <= limits.aliases &&
    walk.directives <= limits.directives &&
    variables.values().every(({ isUsed }) => isUsed)
  );
}
