import { isRecord, parseJson } from '../../image/json.ts';

/** The parameters of a GraphQL request that holds no others (GraphQL over HTTP, section 5.2). */
export interface PlainParameters {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

const known: ReadonlySet<string> = new Set(['query', 'operationName', 'variables']);

/** Reads the body of a POST; null for one that is not JSON, or has parameters of any other name or type. */
export function readParameters(body: Buffer): PlainParameters | null {
  const given = parseJson(body.toString());
  if (!isRecord(given)) return null;
  for (const name of Object.keys(given)) if (!known.has(name) && given[name] !== null) return null;
  const { query, operationName = null, variables = null } = given;
  if (typeof query !== 'string' || (operationName !== null && typeof operationName !== 'string')) return null;
  if (variables === null) return { query, operationName, variables: {} };
  return isRecord(variables) && !Array.isArray(variables) ? { query, operationName, variables } : null;
}
