import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { limits } from '../plugins/use-limits.ts';
import { isPlainlyValid } from './plainly-valid.ts';

/**
 * Parses a text that is plainly valid; null for any other, valid or not. Its nodes do not know where in the text they
 * stand: who has to tell of places reads it anew.
 */
export function readPlainDocument(schema: GraphQLSchema, text: string): DocumentNode | null {
  try {
    const document = parse(text, { maxTokens: limits.tokens, noLocation: true });
    return isPlainlyValid(schema, document) ? document : null;
  } catch {
    return null;
  }
}
