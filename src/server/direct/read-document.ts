import type { DocumentNode } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import type { ImageContext } from '../../schema/context.ts';
import type { ServerContext } from '../request-record.ts';

const anyPost = new Request('http://localhost', { method: 'POST' });

/**
 * Parses and validates as the server does, by the rules of all its plugins; null where it would refuse the text, or finds no
 * operation of this name in it.
 */
export function readDocument(
  text: string,
  operationName: string | null,
  getEnveloped: YogaServerInstance<ServerContext, ImageContext>['getEnveloped'],
): DocumentNode | null {
  try {
    // Yoga keeps what is wrong with a text in the words for the first request that had it.
    const params = operationName === null ? {} : { operationName };
    const { parse, validate, schema } = getEnveloped({ request: anyPost, params });
    const document: DocumentNode = parse(text);
    return validate(schema, document).length === 0 ? document : null;
  } catch {
    return null;
  }
}
