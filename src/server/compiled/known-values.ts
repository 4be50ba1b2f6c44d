import { getNamedType, type GraphQLInputType, type GraphQLSchema, isInputObjectType } from 'graphql';
import { LRUCache } from 'lru-cache';
import { createAskedAgain, type IsAskedAgain } from '../asked-again.ts';
import { coercionTo, type Coerce } from './coercion.ts';

/** How many values are known, over all types: clients ask with the same few filters. */
const MAX_VALUES = 1000;
/** Longest one, as JSON. */
const MAX_LENGTH = 500;

/** What is known of the values of a schema's types. */
interface KnownValues {
  /** By type and JSON. */
  readonly values: LRUCache<string, object>;
  readonly isAskedAgain: IsAskedAgain;
}

const known = new WeakMap<GraphQLSchema, KnownValues>();

/**
 * Coerces to a type. Of an input object that comes again, all requests get the very same result, so that what is worked out
 * of it may stay with it. Nobody changes its fields.
 */
export function knownCoercionTo(schema: GraphQLSchema, type: GraphQLInputType): Coerce {
  const coerce = coercionTo(type);
  if (!isInputObjectType(getNamedType(type))) return coerce;
  const ofSchema = known.get(schema) ?? {
    values: new LRUCache({ max: MAX_VALUES }),
    isAskedAgain: createAskedAgain(MAX_VALUES),
  };
  known.set(schema, ofSchema);
  const { values, isAskedAgain } = ofSchema;
  const prefix = String(type);
  return (value) => {
    const text = JSON.stringify(value);
    // A number that is too large reads as infinity, and is written as null: what holds that word is coerced anew.
    if (text.length > MAX_LENGTH || text.includes('null')) return coerce(value);
    const key = prefix + text;
    const kept = values.get(key);
    if (kept !== undefined) return kept;
    const coerced = coerce(value);
    if (typeof coerced === 'object' && coerced !== null && isAskedAgain(key)) values.set(key, coerced);
    return coerced;
  };
}
