import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DirectivesPlugin from '@pothos/plugin-directives';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLError } from 'graphql';
import { type ErrorCode, InputError } from '../image/errors.ts';
import { show } from '../image/show.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../query/page.ts';
import type { ImageContext } from './context.ts';

/** Cost of what one operation may ask: every field of a full page, and the facets beside it. A field costs 1, an upstream request 10. */
export const MAX_COST = 16_000;
/** What a field that needs an upstream request of its own costs. */
export const REQUEST_COST = 10;
/** Most ids that `nodes` takes. */
const MAX_NODES = 100;

/** The schema's builder; it defines no type of its own beyond Relay's. */
export const builder = new SchemaBuilder<{
  Context: ImageContext;
  Scalars: {
    ID: { Input: string; Output: string };
    BigInt: { Input: number; Output: number };
    /** Answers hold times as text; what asks for them is compared with them. */
    DateTime: { Input: Date; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
  /** Those of Apollo Federation that say what a larger graph may do with these types. */
  Directives: {
    key: { locations: 'OBJECT'; args: { fields: string } };
    link: { locations: 'SCHEMA'; args: { url: string; import: readonly string[] } };
    shareable: { locations: 'OBJECT'; args: Record<string, never> };
  };
}>({
  plugins: [RelayPlugin, ComplexityPlugin, DirectivesPlugin],
  complexity: {
    limit: ({ isPriced }) => (isPriced ? {} : { complexity: MAX_COST }),
    defaultComplexity: 1,
    defaultListMultiplier: 1,
    complexityError: (_kind, { complexity }) =>
      new GraphQLError(`Operation: expected a cost of at most ${MAX_COST}, but received one of ${complexity}.`, {
        extensions: { code: 'OPERATION_TOO_EXPENSIVE' satisfies ErrorCode },
      }),
  },
  relay: {
    cursorType: 'String',
    // The node id is the IMS image id itself, as other subgraphs and the ECS API hold it.
    decodeGlobalID: (id) => ({ typename: 'Image', id }),
    idFieldOptions: { description: 'For an image its IMS image id, not encoded.' },
    nodeTypeOptions: { description: 'An object with a globally unique id.' },
    firstArgOptions: {
      description: `Read forward: how many images, 1 to ${MAX_PAGE_SIZE}. Not together with \`last\`. Default ${DEFAULT_PAGE_SIZE}.`,
    },
    lastArgOptions: { description: `Read backward: how many images, 1 to ${MAX_PAGE_SIZE}.` },
    afterArgOptions: { description: 'Only images after this cursor, which must be of the same `orderBy`.' },
    beforeArgOptions: {
      description: `Only images before this cursor, as far as it comes after \`after\`. Without \`first\` and \`last\`, the ${DEFAULT_PAGE_SIZE} images directly before it.`,
    },
    nodeQueryOptions: {
      description: 'The image of this id, or null.',
      complexity: REQUEST_COST,
      args: { id: { description: 'The IMS image id.' } },
      resolve: (_root, { id: { id } }, { imageById }) => imageById.load(id),
    },
    nodesQueryOptions: {
      description: `The images of these ids in the same order, null for each that is unknown. At most ${MAX_NODES}.`,
      args: { ids: { description: 'IMS image ids.' } },
      complexity: ({ ids }) => REQUEST_COST * ids.length,
      resolve: (_root, { ids }, { imageById }) => {
        if (ids.length > MAX_NODES) throw new InputError('ids', `at most ${MAX_NODES} ids`, show(ids.length));
        return ids.map(({ id }) => imageById.load(id));
      },
    },
  },
});

builder.queryType({ description: 'Images of the cloud, as the caller sees them.' });
