import type { GraphQLParams } from 'graphql-yoga';

/** Removes `extensions.persistedQuery`, and the extensions with it where they hold nothing else. */
export function withoutPersistedQuery({ extensions, ...rest }: GraphQLParams): GraphQLParams {
  const { persistedQuery: _, ...others } = extensions ?? {};
  return Object.keys(others).length > 0 ? { ...rest, extensions: others } : rest;
}

/** The hash or id in `extensions.persistedQuery` as Apollo's protocol has it (version 1); null where there is none. */
export function readPersistedQuery(extensions: GraphQLParams['extensions'] | null): string | null {
  const given: unknown = extensions?.['persistedQuery'];
  if (typeof given !== 'object' || given === null || !('version' in given) || given.version !== 1) return null;
  return 'sha256Hash' in given && typeof given.sha256Hash === 'string' ? given.sha256Hash : null;
}
