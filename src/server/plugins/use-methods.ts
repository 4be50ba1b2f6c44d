import type { Plugin } from 'graphql-yoga';
import { createGraphQLError } from 'graphql-yoga';

const ALLOW = 'GET, HEAD, OPTIONS, POST';

/** Answers HEAD as GET without the body, says what is allowed to OPTIONS, and refuses every other method with 405. */
export function useMethods(): Plugin {
  return {
    onRequest({ request, setRequest, endResponse, fetchAPI }) {
      if (request.method === 'HEAD') {
        const { url, headers, signal } = request;
        setRequest(new fetchAPI.Request(url, { method: 'GET', headers, signal }));
      } else if (request.method === 'OPTIONS') {
        endResponse(new fetchAPI.Response(null, { status: 204 }));
      }
    },
    onRequestParse({ request: { method } }) {
      if (method === 'GET' || method === 'POST') return;
      throw createGraphQLError(`Expected one of the methods ${ALLOW}, but received ${method}.`, {
        extensions: { code: 'BAD_REQUEST', http: { status: 405, headers: { allow: ALLOW } } },
      });
    },
    onResponse({ request, response }) {
      if (request.method === 'OPTIONS') response.headers.set('allow', ALLOW);
    },
  };
}
