import {
  type GraphQLFieldConfig,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLObjectTypeConfig,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  lexicographicSortSchema,
} from 'graphql';
import { InputError } from '../image/errors.ts';
import { isRecord } from '../image/json.ts';
import { show } from '../image/show.ts';
import type { WireImage } from '../image/source.ts';
import type { ImageContext } from './context.ts';
import { Image } from './image.ts';

/** Most references that one `_entities` field takes. */
const MAX_ENTITIES = 1000;

type QueryConfig = GraphQLObjectTypeConfig<unknown, ImageContext>;

/**
 * The schema as a subgraph of a larger graph (Apollo Federation subgraph specification): answers `_entities` through the
 * loader of `image(id)`, and `_service` with its SDL, which keeps `node` and `nodes` out of larger graphs. In place of
 * Apollo's own resolver of `_entities`, which counts an unknown type as a mistake of ours and writes into the objects it
 * is given, which the cache shares.
 */
export function toSubgraphSchema(schema: GraphQLSchema): GraphQLSchema {
  const entity = schema.getType(Image.name);
  const query = schema.getQueryType()?.toConfig();
  if (!(entity instanceof GraphQLObjectType) || query === undefined) {
    throw new TypeError('Expected a schema with images and a query type.');
  }
  const { types, ...config } = schema.toConfig();
  const withQuery = (changes: Partial<QueryConfig>): GraphQLSchema =>
    lexicographicSortSchema(
      new GraphQLSchema({
        ...config,
        types: types.filter(({ name }) => name !== query.name),
        query: new GraphQLObjectType({ ...query, ...changes }),
      }),
    );

  let sdl: Promise<string> | null = null;
  const readSdl = (): Promise<string> => {
    sdl ??= printSubgraph(withQuery({ astNode: withoutNodeFields(query.astNode) }));
    return sdl;
  };
  return withQuery({
    fields: { ...query.fields, _entities: entitiesOf(entity), _service: serviceOf(readSdl) },
  });
}

/** In a larger graph an id can be of any subgraph's object, so no single subgraph can answer them for all. */
function withoutNodeFields(query: QueryConfig['astNode']): QueryConfig['astNode'] {
  // The print is made of the syntax tree.
  const fields = query?.fields?.filter(({ name }) => name.value !== 'node' && name.value !== 'nodes');
  return query && fields && { ...query, fields };
}

/** Loads Apollo's library, which takes as long as half of all else, when a gateway asks; most processes are never asked. */
async function printSubgraph(schema: GraphQLSchema): Promise<string> {
  const { printSubgraphSchema } = await import('@apollo/subgraph');
  return printSubgraphSchema(schema);
}

const serviceOf = (readSdl: () => Promise<string>): GraphQLFieldConfig<unknown, ImageContext> => ({
  description: 'For federation gateways: this schema with its federation directives.',
  type: new GraphQLNonNull(
    new GraphQLObjectType({
      name: '_Service',
      description: 'This schema as a part of a larger graph.',
      fields: {
        sdl: {
          type: GraphQLString,
          description:
            'The sdl representing the federated service capabilities. Includes federation directives, removes federation types, and includes rest of full schema after schema directives have been applied',
        },
      },
    }),
  ),
  resolve: async () => ({ sdl: await readSdl() }),
});

const entitiesOf = (entity: GraphQLObjectType): GraphQLFieldConfig<unknown, ImageContext> => ({
  description: `For federation gateways: the images of these references, null for each that is unknown. At most ${MAX_ENTITIES}.`,
  type: new GraphQLNonNull(
    new GraphQLList(
      new GraphQLUnionType({
        name: '_Entity',
        description: 'What other subgraphs can refer to.',
        types: [entity],
        resolveType: () => Image.name,
      }),
    ),
  ),
  args: {
    representations: {
      description: 'References to images.',
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(reference))),
    },
  },
  resolve: (_root, { representations }: { readonly representations: readonly unknown[] }, { imageById }) => {
    if (representations.length > MAX_ENTITIES) {
      throw new InputError('representations', `at most ${MAX_ENTITIES} references`, show(representations.length));
    }
    const ids = representations.map(referenceToId);
    return ids.map((id): Promise<WireImage | null> => imageById.load(id));
  },
});

const reference = new GraphQLScalarType({
  name: '_Any',
  description: 'A reference to an image: `{ "__typename": "Image", "id": "…" }`.',
});

function referenceToId(given: unknown, index: number): string {
  if (isRecord(given) && given['__typename'] === Image.name && typeof given['id'] === 'string') {
    return given['id'];
  }
  throw new InputError(`representations[${index}]`, `{ "__typename": "${Image.name}", "id": "…" }`, show(given));
}
