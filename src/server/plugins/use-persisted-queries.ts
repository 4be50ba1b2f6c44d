import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { type DocumentStore, toSha256 } from '../document-store.ts';
import { readPersistedQuery, withoutPersistedQuery } from '../persisted-query.ts';
import { toRequestError } from '../request-error.ts';
import type { ServerContext } from '../request-record.ts';

/**
 * Apollo's automatic persisted queries: a client sends the hash of a document, and its text only where the hash is not
 * known. Callers share what is kept, since a text is only ever found under its own hash. Null: there are none.
 */
export function usePersistedQueries(store: DocumentStore | null): Plugin<ServerContext, ServerContext> {
  /** Texts to keep once they have proved to be documents of this schema. */
  const proving = new WeakMap<Request, string>();
  return {
    onParams({ params, setParams, request, context: { record } }) {
      const hash = readPersistedQuery(params?.extensions ?? null);
      if (hash === null) return;
      if (store === null) {
        // What Apollo's clients look for, to send the text from now on.
        if (params.query == null) throw toRequestError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
        return;
      }
      if (params.query == null) {
        const query = store.get(hash);
        if (query === undefined) throw toRequestError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
        setParams({ ...withoutPersistedQuery(params), query });
      } else if (typeof params.query === 'string') {
        const actual = toSha256(params.query);
        if (hash !== actual) {
          const received = `expected the SHA-256 of the query, ${actual}, but received another one`;
          throw toRequestError('PERSISTED_QUERY_MISMATCH', `Extension "persistedQuery": ${received}.`);
        }
        proving.set(request, params.query);
        // Sent again without being looked at, it would not bring back a text that has been forgotten.
        record.onWhole = null;
      }
    },
    onExecute({ args }) {
      const { request }: YogaInitialContext = args.contextValue;
      const text = proving.get(request);
      if (text !== undefined) store?.add(text);
    },
  };
}
