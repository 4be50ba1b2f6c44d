import { readdirSync, readFileSync } from 'node:fs';
import { type Config, ConfigError } from '../config.ts';
import { subgraphSchema } from '../schema/index.ts';
import type { ExampleOperation } from '../server/graphiql-page.ts';
import type { ServerOptions } from '../server/server.ts';
import { readTrustedDocuments } from '../server/trusted-documents.ts';

/** The documents of the operator's manifest. Throws a `ConfigError` that names the variable where it cannot be used. */
export function loadTrustedDocuments(config: Config['trustedDocuments']): ServerOptions['trustedDocuments'] {
  if (config === null) return null;
  const { path, setting, only } = config;
  try {
    return { documents: readTrustedDocuments(readFileSync(path, 'utf8'), subgraphSchema), only };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`${setting}: ${problem}`]);
  }
}

/** The operations of examples/operations, in the order of their file names. */
export function readExamples(): ExampleOperation[] {
  const folder = new URL('../../examples/operations/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return files.toSorted().map((file) => ({ query: readFileSync(new URL(file, folder), 'utf8') }));
}
