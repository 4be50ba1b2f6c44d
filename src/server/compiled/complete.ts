import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type Selections } from './collect-fields.ts';
import { type Complete, isPromise, type ToInfo } from './execution.ts';
import { compileField, type FieldPlan } from './field-plan.ts';
import { NotCompiled } from './not-compiled.ts';

/** Completes values of a type (GraphQL, section 6.4.3), objects by what the selection sets ask of them. */
export function completeType(
  selections: Selections,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  toInfo: ToInfo,
): Complete {
  if (isNonNullType(type)) {
    const complete = completeType(selections, type.ofType, sets, toInfo);
    return (value, execution, path) => {
      const completed = complete(value, execution, path);
      if (isPromise(completed)) return completed.then(refuseNull);
      return refuseNull(completed);
    };
  }
  if (isLeafType(type)) {
    return (value) => {
      if (value === null || value === undefined) return null;
      if (value instanceof Error) throw value;
      return refuseNull(type.serialize(value));
    };
  }
  if (isListType(type)) return completeList(completeType(selections, type.ofType, sets, toInfo));
  if (isObjectType(type)) return completeObject(selections, type, sets, toInfo);
  return completeAbstract(selections, type, sets, toInfo);
}

function refuseNull(value: unknown): unknown {
  if (value === null || value === undefined) throw new NotCompiled();
  return value;
}

function completeList(complete: Complete): Complete {
  return (value, execution, path) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) throw new NotCompiled();
    const items: readonly unknown[] = value;
    const list: unknown[] = [];
    const waiting: Promise<unknown>[] = [];
    try {
      for (let index = 0; index < items.length; index += 1) {
        const item = items[index];
        const here = { prev: path, key: index, typename: undefined };
        const completed = isPromise(item)
          ? item.then((given) => complete(given, execution, here))
          : complete(item, execution, here);
        list[index] = completed;
        if (isPromise(completed)) {
          waiting.push(completed.then((given) => void (list[index] = given)));
        }
      }
    } catch (error) {
      void Promise.allSettled(waiting);
      throw error;
    }
    return waiting.length === 0 ? list : Promise.all(waiting).then(() => list);
  };
}

function completeObject(
  selections: Selections,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  toInfo: ToInfo,
): Complete {
  const { isTypeOf } = type;
  const complete = completeSelections(selections, type, sets);
  return (value, execution, path) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    if (isTypeOf && Reflect.apply(isTypeOf, undefined, [value, execution.context, toInfo(execution, path)]) !== true) {
      throw new NotCompiled();
    }
    return complete(value, execution, path);
  };
}

function completeAbstract(
  selections: Selections,
  type: GraphQLAbstractType,
  sets: readonly SelectionSetNode[],
  toInfo: ToInfo,
): Complete {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const byName = new Map<string, Complete>(
    selections.schema.getPossibleTypes(type).map((one) => [one.name, completeObject(selections, one, sets, toInfo)]),
  );
  return (value, execution, path) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    const completeAs = (name: unknown): unknown => {
      const complete = typeof name === 'string' ? byName.get(name) : undefined;
      if (complete === undefined) throw new NotCompiled();
      return complete(value, execution, path);
    };
    const name: unknown = Reflect.apply(resolveType, undefined, [
      value,
      execution.context,
      toInfo(execution, path),
      type,
    ]);
    return isPromise(name) ? name.then(completeAs) : completeAs(name);
  };
}

/** Gives an object of an object type with the fields that are asked of it, in their order. */
export function completeSelections(
  selections: Selections,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Complete {
  const fields: readonly FieldPlan[] = collectFields(selections, type, sets).map((field) =>
    compileField(selections, type, field, completeType),
  );
  return (source, execution, path) => {
    const data: Record<string, unknown> = {};
    let waiting: Promise<unknown>[] | null = null;
    try {
      for (const { key, condition, read } of fields) {
        if (condition !== null && !condition(execution.variables)) continue;
        const value = read(source, execution, path);
        // Also where it is a promise: that is its place.
        data[key] = value;
        if (isPromise(value)) {
          waiting ??= [];
          waiting.push(value.then((given) => void (data[key] = given)));
        }
      }
    } catch (error) {
      if (waiting !== null) void Promise.allSettled(waiting);
      throw error;
    }
    return waiting === null ? data : Promise.all(waiting).then(() => data);
  };
}
