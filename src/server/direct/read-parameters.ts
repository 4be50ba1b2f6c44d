import { isRecord, parseJson } from '../../image/json.ts';
import { documentIdParameters, readDocumentId } from '../document-id.ts';
import { readPersistedQuery } from '../persisted-query.ts';

/** The parameters of a GraphQL request that holds no others (GraphQL over HTTP, section 5.2). */
export interface PlainParameters {
  readonly document: AskedDocument;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** How a document is asked for: by its text, by its id, or by its hash in Apollo's protocol; null for what is not given. */
export interface AskedDocument {
  readonly query: string | null;
  readonly id: string | null;
  readonly hash: string | null;
}

const known: ReadonlySet<string> = new Set([
  'query',
  'operationName',
  'variables',
  'extensions',
  ...documentIdParameters,
]);

/** Reads the body of a POST; null for one that is not JSON, or has parameters of any other name or type. */
export function readParameters(body: Buffer): PlainParameters | null {
  const given = parseJson(body.toString());
  if (!isObject(given)) return null;
  for (const name of Object.keys(given)) if (!known.has(name) && given[name] !== null) return null;
  const { query = null, operationName = null, variables = null, extensions = null } = given;
  if (query !== null && typeof query !== 'string') return null;
  if (operationName !== null && typeof operationName !== 'string') return null;
  if (variables !== null && !isObject(variables)) return null;
  if (extensions !== null && !isObject(extensions)) return null;
  const document = { query, id: readDocumentId(given), hash: readPersistedQuery(extensions) };
  return { document, operationName, variables: variables ?? {} };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isRecord(value) && !Array.isArray(value);
