import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { ImageContext } from '../../src/schema/context.ts';
import { readDocument } from '../../src/server/direct/read-document.ts';
import { useLimits } from '../../src/server/plugins/use-limits.ts';
import { useNoIntrospection } from '../../src/server/plugins/use-no-introspection.ts';
import { useQueriesOnly } from '../../src/server/plugins/use-queries-only.ts';
import type { ServerContext } from '../../src/server/request-record.ts';

/** Whether a text is valid by the rules of every plugin of the server that adds one, also of the one that may be left out. */
export function validIn(of: GraphQLSchema): (text: string) => boolean {
  const { getEnveloped } = createYoga<ServerContext, ImageContext>({
    schema: of,
    plugins: [useQueriesOnly(), useLimits(), useNoIntrospection()],
  });
  return (text) => readDocument(text, firstName(text), getEnveloped) !== null;
}
/** Of several operations, one has to be named. */
const firstName = (text: string): string | null => /\bquery\s+([_A-Za-z]\w*)/.exec(text)?.[1] ?? null;

/** So many parts of a text. */
export const many = (count: number, part: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');
