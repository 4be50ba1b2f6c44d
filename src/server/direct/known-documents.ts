import { hash } from 'node:crypto';
import { type DocumentNode, getOperationAST, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { createAskedAgain } from '../asked-again.ts';
import { type CompiledOperation, compileOperation } from '../compiled/compile-operation.ts';

/** An operation that may be executed. */
export interface KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly compiled: CompiledOperation;
}

export interface KnownDocumentsOptions {
  readonly schema: GraphQLSchema;
  /** The document of a text; null where it is none that may be executed, or has no operation of this name. */
  readonly read: (text: string, operationName: string | null) => DocumentNode | null;
}

/** Documents by their texts: read, validated and compiled once for as long as they come again. */
export interface KnownDocuments {
  /** The operation; null where it is for the interpreter, or for whoever says what is wrong with it. */
  find(text: string, operationName: string | null): KnownOperation | null;
}

/** As many as yoga keeps. */
const MAX_DOCUMENTS = 1024;
/** A document takes some twenty times its text. */
const MAX_CHARACTERS = 2 ** 20;

interface KnownDocument {
  readonly document: DocumentNode;
  readonly operations: Map<string | null, KnownOperation | null>;
}

/** How many texts are remembered, by their digests, to tell which come again. */
const MAX_ASKED = 10_000;

/**
 * Keeps the documents that were used last, of those whose texts came more than once. A text that comes once, as those do
 * that hold their values instead of variables, leaves a digest.
 */
export function createKnownDocuments({ schema, read }: KnownDocumentsOptions): KnownDocuments {
  const documents = new LRUCache<string, KnownDocument>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_known, text) => text.length + 1,
  });
  const isAskedAgain = createAskedAgain(MAX_ASKED);
  const add = (text: string, operationName: string | null): KnownDocument | null => {
    const document = read(text, operationName);
    if (document === null) return null;
    const known = { document, operations: new Map() };
    if (isAskedAgain(hash('sha256', text, 'binary'))) documents.set(text, known);
    return known;
  };
  return {
    find(text, operationName) {
      const known = documents.get(text) ?? add(text, operationName);
      if (known === null) return null;
      const { document, operations } = known;
      const kept = operations.get(operationName);
      if (kept !== undefined) return kept;
      const operation = getOperationAST(document, operationName);
      // Names of nothing have no end.
      if (!operation) return null;
      const compiled = compileOperation(schema, document, operation);
      const found = compiled === null ? null : { document, operation, compiled };
      operations.set(operationName, found);
      return found;
    },
  };
}
