import { type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import type { ImageContext } from './context.ts';

/** Tells the client that a field's answer is not whole, and why; the value of the field is then null. */
export function tellIncomplete({ usage, windows }: ImageContext, { path }: GraphQLResolveInfo): null {
  usage.incomplete ??= [];
  usage.incomplete.push({
    path: responsePathAsArray(path).join('.'),
    reason: `It needs more than the ${windows.maxWindows} list windows that one request may read.`,
  });
  return null;
}
