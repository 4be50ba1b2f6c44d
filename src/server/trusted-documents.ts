import { type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { z } from 'zod';
import { parseJson } from '../image/json.ts';
import { queriesOnly } from './plugins/use-queries-only.ts';

/** The texts of the operations that a frontend was built with, by the ids that it sends. */
export interface TrustedDocuments {
  get(id: string): string | undefined;
}

/** Persisted queries of Relay's compiler, and `persisted-documents.json` of GraphQL Code Generator. */
const textsById = z.record(z.string().min(1), z.string());

/** Apollo's manifest. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string() })),
});

/** How GraphQL over HTTP marks an id that is a hash. */
const HASH_PREFIX = 'sha256:';

/**
 * Reads a manifest of documents. Throws an `Error` that says what was expected where the manifest cannot be used: another
 * format, nothing in it, an id that stands for two texts, or a text that the schema cannot answer.
 */
export function readTrustedDocuments(manifest: string, schema: GraphQLSchema): TrustedDocuments {
  const texts = new Map<string, string>();
  for (const [id, text] of readEntries(manifest)) {
    const key = withoutPrefix(id);
    if (key === '') throw new Error(`expected ids, but received ${quote(id)}`);
    if ((texts.get(key) ?? text) !== text)
      throw new Error(`expected one document of the id ${quote(id)}, but received two`);
    const mistake = mistakeIn(text, schema);
    if (mistake !== null) throw new Error(`expected documents of this schema, but received ${quote(id)}: ${mistake}`);
    texts.set(key, text);
  }
  if (texts.size === 0) throw new Error('expected documents, but received an empty manifest');
  return { get: (id) => texts.get(withoutPrefix(id)) };
}

function readEntries(manifest: string): ReadonlyArray<readonly [id: string, text: string]> {
  const json = parseJson(manifest);
  const apollo = apolloManifest.safeParse(json).data;
  if (apollo !== undefined) return apollo.operations.map(({ id, body }) => [id, body]);
  const plain = textsById.safeParse(json).data;
  if (plain !== undefined) return Object.entries(plain);
  throw new Error('expected JSON, either {"<id>": "<document>"} or a persisted query manifest of Apollo, version 1');
}

function mistakeIn(text: string, schema: GraphQLSchema): string | null {
  try {
    return validate(schema, parse(text), [...specifiedRules, queriesOnly])[0]?.message ?? null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const withoutPrefix = (id: string): string => (id.startsWith(HASH_PREFIX) ? id.slice(HASH_PREFIX.length) : id);

const quote = (id: string): string => JSON.stringify(id.slice(0, 100));
