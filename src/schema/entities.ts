import { type GraphQLNamedType, type GraphQLSchema, graphqlSync, isUnionType, Kind, parse } from 'graphql';
import { InputError } from '../image/errors.ts';
import { isRecord } from '../image/json.ts';
import { show } from '../image/show.ts';
import type { WireImage } from '../image/source.ts';
import type { ImageContext } from './context.ts';
import { Image } from './image.ts';

/** Most references that one `_entities` field takes. */
const MAX_ENTITIES = 1000;

const descriptions: Readonly<Record<string, string>> = {
  _Any: 'A reference to an image: `{ "__typename": "Image", "id": "…" }`.',
  _Entity: 'What other subgraphs can refer to.',
  _Service: 'This schema as a part of a larger graph.',
};

/**
 * Completes a subgraph schema (Apollo Federation subgraph specification): answers `_entities` through the loader of
 * `image(id)`, keeps `node` and `nodes` out of larger graphs, and describes what the specification adds. In place of
 * Apollo's own resolver of `_entities`, which counts an unknown type as a mistake of ours and writes into the objects it
 * is given, which the cache shares.
 */
export function completeSubgraph(schema: GraphQLSchema): GraphQLSchema {
  const { _entities: entities, _service: service } = schema.getQueryType()?.getFields() ?? {};
  const entity = schema.getType('_Entity');
  if (entities === undefined || service === undefined || !isUnionType(entity)) {
    throw new TypeError('Expected a subgraph schema with entities.');
  }
  entity.resolveType = () => Image.name;
  const sdl = withoutNodeFields(readSdl(schema));
  service.resolve = () => ({ sdl });
  service.description = 'For federation gateways: this schema with its federation directives.';
  entities.description = `For federation gateways: the images of these references, null for each that is unknown. At most ${MAX_ENTITIES}.`;
  for (const argument of entities.args) argument.description = 'References to images.';
  for (const type of Object.values(schema.getTypeMap())) describe(type);

  entities.resolve = (_root, { representations }, { imageById }: ImageContext) => {
    if (representations.length > MAX_ENTITIES) {
      throw new InputError('representations', `at most ${MAX_ENTITIES} references`, show(representations.length));
    }
    const ids: string[] = representations.map(referenceToId);
    return ids.map((id): Promise<WireImage | null> => imageById.load(id));
  };
  return schema;
}

function readSdl(schema: GraphQLSchema): string {
  const { data } = graphqlSync({ schema, source: '{ _service { sdl } }' });
  const service = data?.['_service'];
  if (!isRecord(service) || typeof service['sdl'] !== 'string') throw new TypeError('Expected a subgraph with an SDL.');
  return service['sdl'];
}

/** In a larger graph an id can be of any subgraph's object, so no single subgraph can answer them for all. */
function withoutNodeFields(sdl: string): string {
  const nodeFields = parse(sdl).definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_DEFINITION && type.name.value === 'Query'
      ? (type.fields ?? []).filter(({ name }) => name.value === 'node' || name.value === 'nodes')
      : [],
  );
  // Cut out of the text, as a new print would lay it out in another way.
  return nodeFields.reduceRight(
    (text, { loc }) => (loc === undefined ? text : text.slice(0, loc.start) + text.slice(loc.end).trimStart()),
    sdl,
  );
}

function describe(type: GraphQLNamedType): void {
  type.description ??= descriptions[type.name];
}

function referenceToId(reference: unknown, index: number): string {
  if (isRecord(reference) && reference['__typename'] === Image.name && typeof reference['id'] === 'string') {
    return reference['id'];
  }
  throw new InputError(`representations[${index}]`, `{ "__typename": "${Image.name}", "id": "…" }`, show(reference));
}
