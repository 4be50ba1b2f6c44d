import type { GraphQLLeafType } from 'graphql';
import { toByteJson } from '../byte-text.ts';
import type { Complete } from './execution.ts';
import { NotCompiled } from './not-compiled.ts';

/** Null as JSON. */
export const NULL = 'null';

/** Completes values of a scalar or an enumeration. */
export function completeLeaf(type: GraphQLLeafType): Complete {
  return {
    isPlaced: false,
    write(value) {
      if (value === null || value === undefined) return NULL;
      if (value instanceof Error) throw value;
      const serialized = type.serialize(value);
      if (serialized === null || serialized === undefined) throw new NotCompiled();
      return toByteJson(serialized);
    },
  };
}
