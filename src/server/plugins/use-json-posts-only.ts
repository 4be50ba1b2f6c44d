import type { Plugin } from 'graphql-yoga';

/**
 * Refuses every POST whose body is not declared as JSON. Browsers send forms and `text/plain` across sites without
 * asking first; JSON they do not.
 */
export function useJsonPostsOnly(): Plugin {
  return {
    onRequestParse({ request, fetchAPI, endResponse }) {
      if (request.method !== 'POST') return;
      const type = request.headers.get('content-type') ?? 'none';
      if (/^application\/json\s*(;|$)/i.test(type)) return;
      const message = `Expected a body of content type application/json, but received ${JSON.stringify(type.slice(0, 100))}.`;
      const body = { errors: [{ message, extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] };
      const headers = { 'content-type': 'application/json; charset=utf-8', accept: 'application/json' };
      endResponse(new fetchAPI.Response(JSON.stringify(body), { status: 415, headers }));
    },
  };
}
