import type { DocumentStore } from '../document-store.ts';
import type { TrustedDocuments } from '../trusted-documents.ts';
import type { AskedDocument } from './read-parameters.ts';

/** The text of the document that is asked for; null where yoga has to say what comes of it. */
export type FindText = (asked: AskedDocument) => string | null;

export interface Documents {
  /** Those of a manifest, and whether there are no others. */
  readonly trusted: { readonly documents: TrustedDocuments; readonly only: boolean } | null;
  /** Automatic persisted queries. */
  readonly persisted: DocumentStore | null;
}

/** Finds what the plugins for documents by id would find. What they would keep, refuse or compare is theirs. */
export function createFindText({ trusted, persisted }: Documents): FindText {
  const areOthers = trusted?.only !== true;
  return ({ query, id, hash }) => {
    if (query !== null) return areOthers && id === null && hash === null ? query : null;
    const text = trusted?.documents.get(id ?? hash ?? '') ?? null;
    if (text !== null || id !== null || hash === null || !areOthers) return text;
    return persisted?.get(hash) ?? null;
  };
}
