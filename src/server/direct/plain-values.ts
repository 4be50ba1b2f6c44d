import {
  type ArgumentNode,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isTypeSubTypeOf,
  Kind,
  type ObjectFieldNode,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';

/** The variables of an operation by their names. */
export type PlainVariables = ReadonlyMap<string, PlainVariable>;

interface PlainVariable {
  readonly type: GraphQLInputType;
  /** Whether it has a default other than null. */
  readonly hasDefault: boolean;
  isUsed: boolean;
}

const none: PlainVariables = new Map();

/** Variables as an operation defines them; null where they are not plainly valid. */
export function toPlainVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[] | undefined,
): PlainVariables | null {
  if (definitions === undefined || definitions.length === 0) return none;
  const variables = new Map<string, PlainVariable>();
  for (const { variable, type: node, defaultValue, directives } of definitions) {
    const type = typeFromAST(schema, node);
    if (!isInputType(type) || variables.has(variable.name.value) || (directives ?? []).length > 0) return null;
    if (defaultValue !== undefined && !isPlainValue(schema, type, defaultValue, undefined, none)) return null;
    const hasDefault = defaultValue !== undefined && defaultValue.kind !== Kind.NULL;
    variables.set(variable.name.value, { type, hasDefault, isUsed: false });
  }
  return variables;
}

/** Whether arguments are plainly valid; notes the variables that they use. */
export function arePlainArguments(
  schema: GraphQLSchema,
  definitions: readonly GraphQLArgument[],
  nodes: readonly ArgumentNode[] | undefined,
  variables: PlainVariables,
): boolean {
  if (nodes !== undefined && nodes.length > 0) {
    if (!areNamedOnce(nodes)) return false;
    for (const { name, value } of nodes) {
      const definition = definitions.find((one) => one.name === name.value);
      if (definition === undefined) return false;
      if (!isPlainValue(schema, definition.type, value, definition.defaultValue, variables)) return false;
    }
  }
  return definitions.every((definition) => !isRequiredArgument(definition) || isNamed(definition.name, nodes));
}

/** Whether a value is plainly one of the type, at a place with this default. */
function isPlainValue(
  schema: GraphQLSchema,
  type: GraphQLInputType,
  value: ValueNode,
  placeDefault: unknown,
  variables: PlainVariables,
): boolean {
  if (value.kind === Kind.VARIABLE) {
    const variable = variables.get(value.name.value);
    if (variable === undefined) return false;
    variable.isUsed = true;
    return fits(schema, variable, type, placeDefault !== undefined);
  }
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (value.kind === Kind.NULL) return nullable === type;
  if (isListType(nullable)) {
    const { ofType } = nullable;
    // One value stands for a list of one.
    const items = value.kind === Kind.LIST ? value.values : [value];
    return items.every((item) => isPlainValue(schema, ofType, item, undefined, variables));
  }
  if (!isInputObjectType(nullable)) return isPlainLiteral(nullable, value);
  if (value.kind !== Kind.OBJECT || nullable.isOneOf || !areNamedOnce(value.fields)) return false;
  const definitions = nullable.getFields();
  for (const { name, value: fieldValue } of value.fields) {
    const definition = definitions[name.value];
    if (definition === undefined) return false;
    if (!isPlainValue(schema, definition.type, fieldValue, definition.defaultValue, variables)) return false;
  }
  for (const name in definitions) {
    const definition = definitions[name];
    if (definition !== undefined && isRequiredInputField(definition) && !isNamed(name, value.fields)) return false;
  }
  return true;
}

/** Whether a variable may stand at a place of the type (GraphQL, section 5.8.5). */
function fits(schema: GraphQLSchema, variable: PlainVariable, type: GraphQLInputType, hasDefault: boolean): boolean {
  if (!isNonNullType(type) || isNonNullType(variable.type)) return isTypeSubTypeOf(schema, variable.type, type);
  return (variable.hasDefault || hasDefault) && isTypeSubTypeOf(schema, variable.type, type.ofType);
}

function isPlainLiteral(type: GraphQLLeafType, value: ValueNode): boolean {
  // Variables may stand in those.
  if (value.kind === Kind.LIST || value.kind === Kind.OBJECT) return false;
  try {
    return type.parseLiteral(value, undefined) !== undefined;
  } catch {
    return false;
  }
}

type Named = ArgumentNode | ObjectFieldNode;

const isNamed = (name: string, nodes: readonly Named[] | undefined): boolean =>
  nodes?.some((node) => node.name.value === name) ?? false;

function areNamedOnce(nodes: readonly Named[]): boolean {
  return nodes.length < 2 || new Set(nodes.map(({ name }) => name.value)).size === nodes.length;
}
