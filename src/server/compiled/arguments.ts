import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  isNonNullType,
  Kind,
  valueFromAST,
  type ValueNode,
} from 'graphql';
import { NotCompiled } from './not-compiled.ts';
import type { Variables } from './variables.ts';

export type Arguments = Readonly<Record<string, unknown>>;

/** Works out the arguments of a field (GraphQL, section 6.4.1). Throws where they cannot be used. */
export type ToArguments = (variables: Variables) => Arguments;

/** Compiles the arguments of a field: worked out once where they are the same for every request. Throws as they do. */
export function compileArguments(
  definition: GraphQLField<unknown, unknown>,
  { arguments: nodes = [] }: FieldNode,
): ToArguments {
  const readers = definition.args.map((argument) => {
    const node = nodes.find(({ name }) => name.value === argument.name);
    return { name: argument.name, read: toReader(argument, node?.value) };
  });
  const toArguments: ToArguments = (variables) => {
    const values: Record<string, unknown> = {};
    for (const { name, read } of readers) {
      const value = read(variables);
      if (value !== undefined) values[name] = value;
    }
    return values;
  };
  if (nodes.some(({ value }) => hasVariable(value))) return toArguments;
  const fixed = toArguments({});
  return () => fixed;
}

/** Reads an argument's value; undefined where it has none. */
type Reader = (variables: Variables) => unknown;

function toReader({ type, defaultValue }: GraphQLArgument, node: ValueNode | undefined): Reader {
  const isRequired = isNonNullType(type);
  const readAbsent: Reader = () => {
    if (isRequired && defaultValue === undefined) throw new NotCompiled();
    return defaultValue;
  };
  if (node === undefined) return readAbsent;
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    return (variables) => {
      const value = variables[name];
      if (value === undefined) return readAbsent(variables);
      if (value === null && isRequired) throw new NotCompiled();
      return value;
    };
  }
  const read: Reader = (variables) => {
    const value = valueFromAST(node, type, variables);
    if (value === undefined) throw new NotCompiled();
    return value;
  };
  if (hasVariable(node)) return read;
  const fixed = read({});
  return () => fixed;
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => hasVariable(field.value));
}
