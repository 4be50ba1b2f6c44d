import type { Plugin } from 'graphql-yoga';
import { MAX_COST } from '../../schema/builder.ts';
import type { ImageContext } from '../../schema/context.ts';
import { operationCost } from '../../schema/cost.ts';

/** Tells in `extensions.cost` what an operation costs and how much it may. */
export function useCost(): Plugin<ImageContext> {
  return {
    onExecute: ({ args: { schema, document, operationName, variableValues, contextValue } }) => ({
      onExecuteDone({ result, setResult }) {
        if (Symbol.asyncIterator in result) return;
        const requested = operationCost({
          schema,
          document,
          operationName,
          variables: variableValues ?? {},
          context: contextValue,
        });
        if (requested === null) return;
        setResult({ ...result, extensions: { ...result.extensions, cost: { requested, limit: MAX_COST } } });
      },
    }),
  };
}
