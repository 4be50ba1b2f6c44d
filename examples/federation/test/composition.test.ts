import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { composeServices as composeServicesOpenly } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { composedFor } from '../supergraph.ts';

const subgraph = (name: string, url: string, sdl: string) => ({ name, url, typeDefs: parse(sdl) });
const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const images = subgraph('images', composedFor.images, read('images.graphql'));
const servers = subgraph('servers', composedFor.servers, read('servers/servers.graphql'));

/** Another team's subgraph that is made for Relay: it has `node`, `nodes` and `PageInfo` of its own. */
const relaySubgraph = subgraph(
  'volumes',
  'http://localhost/graphql',
  `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query {
    node(id: ID!): Node @shareable
    nodes(ids: [ID!]!): [Node]! @shareable
    volumes(first: Int, after: String, last: Int, before: String): VolumeConnection!
  }
  interface Node { id: ID! }
  type Volume implements Node @key(fields: "id") { id: ID! image: Image }
  type Image @key(fields: "id", resolvable: false) { id: ID! }
  type VolumeConnection { edges: [VolumeEdge!]! pageInfo: PageInfo! }
  type VolumeEdge { node: Volume! cursor: String! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`,
);

test('supergraph.graphql is what Apollo composes of the two, without an error or a hint', async () => {
  const { errors, hints, supergraphSdl } = composeServices([images, servers]);
  expect(errors).toBeUndefined();
  expect(hints?.map(String)).toEqual([]);
  await expect(`${supergraphSdl?.trimEnd()}\n`).toMatchFileSnapshot('../supergraph.graphql');
});

test('the open composition takes the two as well', () => {
  const { errors, supergraphSdl } = composeServicesOpenly([images, servers]);
  expect(errors).toBeUndefined();
  expect(supergraphSdl).toContain('type Image');
});

test.each([
  ['Apollo', composeServices],
  ['the open composition', composeServicesOpenly],
])('%s composes images beside another subgraph that is made for Relay', (_whose, compose) => {
  expect(compose([images, servers, relaySubgraph]).errors).toBeUndefined();
});
