import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesPlugin } from '@escape.tech/graphql-armor-max-directives';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { GraphQLError, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** What one operation may hold; fragments do not count as depth. Its cost is bounded by the schema. */
export const limits = { depth: 10, aliases: 50, directives: 50, tokens: 2000 } as const;

/** An excess is one more validation error, with their code and status, and not the syntax error that armor makes of it. */
const asValidationError = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, { message }: GraphQLError) =>
      context?.reportError(new GraphQLError(message.replace(/^Syntax Error: /, ''))),
  ],
};

/** Bounds the size of operations before they are executed. */
export function useLimits(): Plugin {
  return {
    onPluginInit({ addPlugin }) {
      addPlugin(maxTokensPlugin({ n: limits.tokens }));
      addPlugin(maxDepthPlugin({ n: limits.depth, flattenFragments: true, ...asValidationError }));
      addPlugin(maxAliasesPlugin({ n: limits.aliases, ...asValidationError }));
      addPlugin(maxDirectivesPlugin({ n: limits.directives, ...asValidationError }));
    },
  };
}
