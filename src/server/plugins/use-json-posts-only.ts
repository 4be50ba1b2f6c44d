import { createGraphQLError, type Plugin } from 'graphql-yoga';
import { isJsonType } from '../json-type.ts';

/**
 * Refuses every POST whose body is not declared as JSON. Browsers send forms and `text/plain` across sites without
 * asking first; JSON they do not.
 */
export function useJsonPostsOnly(): Plugin {
  return {
    onRequestParse({ request }) {
      if (request.method !== 'POST') return;
      const type = request.headers.get('content-type') ?? 'none';
      if (isJsonType(type)) return;
      const message = `Expected a body of content type application/json, but received ${JSON.stringify(type.slice(0, 100))}.`;
      const http = { status: 415, headers: { accept: 'application/json' } };
      throw createGraphQLError(message, { extensions: { code: 'UNSUPPORTED_MEDIA_TYPE', http } });
    },
  };
}
