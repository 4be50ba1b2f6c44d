import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import type { CollectedField, Selections } from './collect-fields.ts';
import type { Condition } from './conditions.ts';
import { itself } from '../../schema/image.ts';
import { compileArguments } from './arguments.ts';
import { isRecord } from '../../image/json.ts';
import { type Complete, type Execution, isPromise, type Path, type ToInfo, type Write } from './execution.ts';
import { numberOf } from './kept-texts.ts';
import { NotCompiled } from './not-compiled.ts';

/** A field of an answer, ready to be read. */
export interface FieldPlan {
  /** Its name in the answer, as JSON. */
  readonly key: string;
  readonly condition: Condition | null;
  /** Whether it looks at its place in the answer, or something within it does. */
  readonly isPlaced: boolean;
  /** The fields of its object, where that is the very one that it belongs to (`itself`), so that they can be read from there; else null. */
  readonly inner: readonly FieldPlan[] | null;
  /** By which its text is kept with the image; null where none is. */
  readonly number: number | null;
  /** The field's completed value, given the object that it belongs to and the place of that. */
  readonly write: Write;
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
  const field = { key: JSON.stringify(key), condition, inner: null, number: null };
  if (name === '__typename') {
    const text = JSON.stringify(parentType.name);
    return { ...field, isPlaced: false, write: () => text };
  }
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
  const { asksWhere, resolve } = resolverOf(definition, node, toInfo);
  const isPlaced = asksWhere || complete.isPlaced;
  const typename = parentType.name;
  const write: Write = (source, execution, parentPath) => {
    const path = isPlaced ? { prev: parentPath, key, typename } : undefined;
    const value = resolve(source, execution, path);
    return isPromise(value)
      ? value.then((given) => complete.write(given, execution, path))
      : complete.write(value, execution, path);
  };
  const inner = definition.resolve === itself && !complete.isPlaced ? (complete.fields ?? null) : null;
  return { ...field, isPlaced, inner, number: numberOf(parentType, definition), write };
}

interface Resolver {
  /** Whether it is told where it is. */
  readonly asksWhere: boolean;
  readonly resolve: (source: unknown, execution: Execution, path: Path | undefined) => unknown;
}

function resolverOf(definition: GraphQLField<unknown, unknown>, node: FieldNode, toInfo: ToInfo): Resolver {
  const { resolve = defaultFieldResolver, name } = definition;
  if (resolve === defaultFieldResolver) {
    return {
      asksWhere: false,
      resolve(source) {
        const value = isRecord(source) ? source[name] : undefined;
        if (typeof value === 'function') throw new NotCompiled();
        return value;
      },
    };
  }
  // They say by their length what they look at; most look at the object alone.
  if (resolve.length === 1) {
    const resolveAlone: (source: unknown) => unknown = (source) => Reflect.apply(resolve, undefined, [source]);
    return { asksWhere: false, resolve: resolveAlone };
  }
  const toArguments = compileArguments(definition, node);
  const asksWhere = resolve.length > 3;
  return {
    asksWhere,
    resolve: (source, execution, path) =>
      Reflect.apply(resolve, undefined, [
        source,
        toArguments(execution.variables),
        execution.context,
        asksWhere ? toInfo(execution, path) : undefined,
      ]),
  };
}
