import { readFileSync } from 'node:fs';

/** The subgraphs by name, and where each is served. */
export type Subgraphs = { readonly [Name in keyof typeof composedFor]: string };

/** The addresses in supergraph.graphql. */
export const composedFor = { images: 'http://localhost:4101/graphql', servers: 'http://localhost:4102/graphql' };

/** supergraph.graphql with the addresses that the subgraphs really have. */
export function readSupergraph({ images, servers }: Subgraphs): string {
  return readFileSync(new URL('supergraph.graphql', import.meta.url), 'utf8')
    .replaceAll(composedFor.images, images)
    .replaceAll(composedFor.servers, servers);
}
