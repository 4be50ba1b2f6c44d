import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isRecord } from '../../image/json.ts';
import { NotCompiled } from './not-compiled.ts';

/**
 * Makes of a JSON value what resolvers are given for it (GraphQL, section 3: the input coercion of each kind of type). Throws
 * where it is no value of the type.
 */
export type Coerce = (value: unknown) => unknown;

/** Coerces to a type. What is not given costs nothing, however many fields an input object has. */
export function coercionTo(type: GraphQLInputType): Coerce {
  if (isNonNullType(type)) {
    const coerce = coercionTo(type.ofType);
    return (value) => {
      if (value === null) throw new NotCompiled();
      return coerce(value);
    };
  }
  if (isListType(type)) {
    const coerce = coercionTo(type.ofType);
    return (value) => {
      if (value === null) return null;
      return Array.isArray(value) ? value.map((item: unknown) => coerce(item)) : [coerce(value)];
    };
  }
  if (isInputObjectType(type)) {
    const coerce = known.get(type) ?? coercionToObject(type);
    known.set(type, coerce);
    return coerce;
  }
  return (value) => {
    if (value === null) return null;
    const parsed: unknown = type.parseValue(value);
    if (parsed === undefined) throw new NotCompiled();
    return parsed;
  };
}

/** Input objects may hold themselves. */
const known = new WeakMap<GraphQLInputObjectType, Coerce>();

interface InputField {
  readonly name: string;
  /** Its place among the fields of its type. */
  readonly index: number;
  readonly coerce: Coerce;
  readonly defaultValue: unknown;
}

function coercionToObject(type: GraphQLInputObjectType): Coerce {
  const definitions = Object.values(type.getFields());
  const defaults = definitions.filter(({ defaultValue }) => defaultValue !== undefined);
  const required = definitions.filter((one) => isNonNullType(one.type) && one.defaultValue === undefined);
  const fields = new Map<string, InputField>();

  /** The field of a name, made when it is first given: its type may be this one. */
  const fieldOf = (name: string): InputField => {
    const made = fields.get(name);
    if (made !== undefined) return made;
    const index = definitions.findIndex((one) => one.name === name);
    const definition = definitions[index];
    if (definition === undefined) throw new NotCompiled();
    const field = { name, index, coerce: coercionTo(definition.type), defaultValue: definition.defaultValue };
    fields.set(name, field);
    return field;
  };
  return (value) => {
    if (value === null) return null;
    if (!isRecord(value) || Array.isArray(value)) throw new NotCompiled();
    if (required.some(({ name }) => !Object.hasOwn(value, name))) throw new NotCompiled();
    const present = Object.keys(value).map(fieldOf);
    for (const { name } of defaults) if (!Object.hasOwn(value, name)) present.push(fieldOf(name));
    if (type.isOneOf && (present.length !== 1 || Object.values(value)[0] === null)) throw new NotCompiled();
    const coerced: Record<string, unknown> = {};
    // In the order of the type, whatever that of the value.
    for (const { name, coerce, defaultValue } of present.toSorted((one, other) => one.index - other.index)) {
      coerced[name] = Object.hasOwn(value, name) ? coerce(value[name]) : defaultValue;
    }
    return coerced;
  };
}
