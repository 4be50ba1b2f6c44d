import { createGraphQLError, type Plugin } from 'graphql-yoga';
import type { ErrorCode } from '../../image/errors.ts';
import { takeDocumentId } from '../document-id.ts';
import { readPersistedQuery, withoutPersistedQuery } from '../persisted-query.ts';
import { toRequestError } from '../request-error.ts';
import type { TrustedDocuments } from '../trusted-documents.ts';

/** Runs documents of a manifest by their ids. With `only`, nothing else. */
export function useTrustedDocuments(documents: TrustedDocuments, { only }: { readonly only: boolean }): Plugin {
  return {
    onParams({ params, setParams }) {
      if (typeof params !== 'object' || params === null) return;
      const { id, rest } = takeDocumentId(params);
      const hash = readPersistedQuery(params.extensions ?? null);
      if (params.query != null) {
        if (only) throw untrusted();
        if (id !== null) throw ambiguous();
        return;
      }
      const query = documents.get(id ?? hash ?? '');
      if (query !== undefined) setParams({ ...withoutPersistedQuery(rest), query });
      // A hash that is not in the manifest may be that of an automatic persisted query.
      else if (id !== null || only) throw id === null && hash === null ? untrusted() : unknown();
    },
  };
}

const unknown = () => toRequestError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');

const ambiguous = () =>
  createGraphQLError('Expected a query or the id of one, but received both.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });

const untrusted = () =>
  createGraphQLError('Expected the id of a trusted document, but received none.', {
    extensions: { code: 'DOCUMENT_NOT_TRUSTED' satisfies ErrorCode, http: { status: 403 } },
  });
