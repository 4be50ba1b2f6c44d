import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { CollectedField, Selections } from './collect-fields.ts';
import type { Condition } from './conditions.ts';
import { type Complete, type Execution, isPromise, type Path, type ToInfo } from './execution.ts';
import { NotCompiled } from './not-compiled.ts';

/** A field of an answer, ready to be read. */
export interface FieldPlan {
  readonly key: string;
  readonly condition: Condition | null;
  /** The field's completed value, given the object that it belongs to and the place of that. */
  readonly read: Complete;
}

/** Makes what completes values of a type, of the selections of a field. */
export type CompleteType = (
  selections: Selections,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  toInfo: ToInfo,
) => Complete;

/** Compiles a field of an object type. Throws `NotCompiled` for one that the interpreter alone knows, as `__schema`. */
export function compileField(
  selections: Selections,
  parentType: GraphQLObjectType,
  { key, nodes, condition }: CollectedField,
  completeType: CompleteType,
): FieldPlan {
  const [node] = nodes;
  if (node === undefined) throw new NotCompiled();
  const name = node.name.value;
  if (name === '__typename') return { key, condition, read: () => parentType.name };
  const definition = parentType.getFields()[name];
  if (definition === undefined) throw new NotCompiled();

  const toInfo: ToInfo = (execution, path) => ({
    fieldName: name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    path: path ?? { prev: undefined, key, typename: parentType.name },
    schema: execution.schema,
    fragments: execution.fragments,
    rootValue: undefined,
    operation: execution.operation,
    variableValues: execution.variables,
  });
  const sets = nodes.flatMap(({ selectionSet }): SelectionSetNode[] =>
    selectionSet === undefined ? [] : [selectionSet],
  );
  const complete = completeType(selections, definition.type, sets, toInfo);
  const resolve = resolverOf(definition, node, toInfo);
  const typename = parentType.name;
  return {
    key,
    condition,
    read: (source, execution, parentPath) => {
      const path = { prev: parentPath, key, typename };
      const value = resolve(source, execution, path);
      return isPromise(value)
        ? value.then((given) => complete(given, execution, path))
        : complete(value, execution, path);
    },
  };
}

type Resolve = (source: unknown, execution: Execution, path: Path) => unknown;

function resolverOf(definition: GraphQLField<unknown, unknown>, node: FieldNode, toInfo: ToInfo): Resolve {
  const { resolve = defaultFieldResolver, name } = definition;
  if (resolve === defaultFieldResolver) {
    return (source) => {
      const value = typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;
      if (typeof value === 'function') throw new NotCompiled();
      return value;
    };
  }
  const argumentsOf = toArguments(definition, node);
  // Most say that they look at the object alone.
  if (resolve.length === 1) {
    return (source, execution) => Reflect.apply(resolve, undefined, [source, noArguments, execution.context]);
  }
  return (source, execution, path) =>
    Reflect.apply(resolve, undefined, [
      source,
      argumentsOf(execution.variables),
      execution.context,
      toInfo(execution, path),
    ]);
}

const noArguments: Readonly<Record<string, unknown>> = {};

/** The arguments of a field: worked out once where they are the same for every request. */
function toArguments(definition: GraphQLField<unknown, unknown>, node: FieldNode) {
  const varies = node.arguments?.some(({ value }) => hasVariable(value)) ?? false;
  if (varies) return (variables: Execution['variables']) => getArgumentValues(definition, node, variables);
  const fixed = getArgumentValues(definition, node);
  return () => fixed;
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => hasVariable(field.value));
}
