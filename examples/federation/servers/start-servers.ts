import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { listen, type Service } from '../listen.ts';

interface ServerRow {
  readonly id: string;
  readonly name: string;
  readonly flavor: string;
  readonly imageId: string | null;
}

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** Sorted by name. */
const rows: readonly ServerRow[] = JSON.parse(read('servers.json'));

/** A reference: what the images subgraph needs to find the image. */
const toImage = (id: string) => ({ __typename: 'Image', id });

const schema = buildSubgraphSchema({
  typeDefs: parse(read('servers.graphql')),
  resolvers: {
    Query: {
      server: (_root: unknown, { id }: { id: string }) => rows.find((row) => row.id === id) ?? null,
      servers: (_root: unknown, args: { first: number; after?: string | null }) => toPage(args),
    },
    Server: {
      __resolveReference: ({ id }: { id: string }) => rows.find((row) => row.id === id) ?? null,
      image: ({ imageId }: ServerRow) => (imageId === null ? null : toImage(imageId)),
    },
    Image: {
      servers: ({ id }: { id: string }) => rows.filter((row) => row.imageId === id),
    },
  },
});

function toPage({ first, after }: { readonly first: number; readonly after?: string | null }) {
  const start = after == null ? 0 : rows.findIndex(({ id }) => id === after) + 1;
  const edges = rows.slice(start, start + Math.min(Math.max(first, 1), 100)).map((node) => ({ node, cursor: node.id }));
  return {
    edges,
    pageInfo: {
      hasNextPage: start + edges.length < rows.length,
      hasPreviousPage: start > 0,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The servers subgraph. It shows every caller the same sample; a real one would judge the token as the image service does. */
export function startServers(port: number): Promise<Service> {
  const yoga = createYoga({ schema, landingPage: false });
  return listen((request, response) => void yoga(request, response), port);
}
