import type { ExecutionResult } from 'graphql';
import { isRecord } from '../image/json.ts';

/** The data of an answer without errors that does not say of itself that it is stale or not complete; else null. */
export function wholeData({ data, errors, extensions }: ExecutionResult): ExecutionResult['data'] {
  return errors === undefined && !saysWhatPasses(extensions) ? (data ?? null) : null;
}

/** Kept, such an answer would go on saying so once it is true no more. */
const saysWhatPasses = (extensions: ExecutionResult['extensions']): boolean => {
  const upstream = extensions?.['upstream'];
  return extensions?.['stale'] !== undefined || (isRecord(upstream) && upstream['incomplete'] !== undefined);
};
