import type { GraphQLParams } from 'graphql-yoga';

/** Parameters that hold a document's id: that of GraphQL over HTTP and most code generators, and that of Relay. */
export const documentIdParameters = ['documentId', 'doc_id'] as const;

type ParamsWithId = GraphQLParams & { readonly [Name in (typeof documentIdParameters)[number]]?: unknown };

/** The id of a document; null where there is none. */
export function readDocumentId({ documentId, doc_id: docId }: ParamsWithId): string | null {
  const id = documentId ?? docId ?? null;
  // No document has an id that is not a text.
  return id === null || typeof id === 'string' ? id : '';
}

/** Parts the id of a document from the other parameters. */
export function takeDocumentId(params: ParamsWithId): { readonly id: string | null; readonly rest: GraphQLParams } {
  const { documentId: _documentId, doc_id: _docId, ...rest } = params;
  return { id: readDocumentId(params), rest };
}
