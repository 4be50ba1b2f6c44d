import { type GraphQLNamedType, type GraphQLSchema, isUnionType } from 'graphql';
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
 * `image(id)`, and describes what the specification adds. In place of Apollo's own resolver, which counts an unknown
 * type as a mistake of ours and writes into the objects it is given, which the cache shares.
 */
export function completeSubgraph(schema: GraphQLSchema): GraphQLSchema {
  const { _entities: entities, _service: service } = schema.getQueryType()?.getFields() ?? {};
  const entity = schema.getType('_Entity');
  if (entities === undefined || service === undefined || !isUnionType(entity)) {
    throw new TypeError('Expected a subgraph schema with entities.');
  }
  entity.resolveType = () => Image.name;
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

function describe(type: GraphQLNamedType): void {
  type.description ??= descriptions[type.name];
}

function referenceToId(reference: unknown, index: number): string {
  if (isRecord(reference) && reference['__typename'] === Image.name && typeof reference['id'] === 'string') {
    return reference['id'];
  }
  throw new InputError(`representations[${index}]`, `{ "__typename": "${Image.name}", "id": "…" }`, show(reference));
}
