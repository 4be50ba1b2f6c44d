import type { Plugin } from 'graphql-yoga';

/** Forbids every cache on the way to keep an answer that belongs to one caller. */
export function useNoStore(): Plugin {
  return {
    onResponse({ response }) {
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
    },
  };
}
