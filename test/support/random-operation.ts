import {
  getNamedType,
  type GraphQLCompositeType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Random } from '../../src/embedded/random.ts';
import { subgraphSchema } from '../../src/schema/index.ts';

const argumentsOf: Readonly<Record<string, readonly string[]>> = {
  images: [
    '(first: 3)',
    '(first: $first)',
    '(last: 2, before: $cursor)',
    '(first: 500)',
    '(first: 2, filter: {type: PUBLIC})',
    '(first: $first, filter: $filter)',
    '(orderBy: {field: NAME, direction: ASC})',
    '',
  ],
  image: ['(id: $id)', '(id: "nothing")', '(id: 7)'],
  node: ['(id: $id)', '(id: "nothing")'],
  nodes: ['(ids: [$id, "nothing"])', '(ids: [])'],
  _entities: ['(representations: [{__typename: "Image", id: $id}])', '(representations: [{__typename: "Other"}])'],
  latest: ['(by: [NAME], first: 2)', ''],
};

const directives = [
  '@include(if: $yes)',
  '@skip(if: $yes)',
  '@include(if: $no)',
  '@skip(if: false)',
  '@include(if: true)',
];

/** An operation of the schema with selections, aliases, fragments and directives by chance, and its variables. */
export function randomOperation(random: Random): string {
  const fragments: string[] = [];
  const directive = (): string => (random.chance(0.12) ? ` ${random.pick(directives)}` : '');

  const select = (type: GraphQLCompositeType, depth: number): string => {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const one = (): string => {
      const kind = random.bits() % 12;
      if (kind === 0) return `__typename${directive()}`;
      if (kind === 1 && depth > 0) return `...${directive()} {${select(type, depth - 1)}}`;
      if (kind === 2 && depth > 0 && (isInterfaceType(type) || isUnionType(type) || type.name === 'Image')) {
        const on = random.pick(subgraphSchema.getPossibleTypes(isObjectType(type) ? nodeType : type));
        return `... on ${on.name}${directive()} {${select(on, depth - 1)}}`;
      }
      if (kind === 3 && depth > 0) {
        const name = `F${fragments.length}`;
        fragments.push('');
        fragments[Number(name.slice(1))] = `fragment ${name} on ${type.name} {${select(type, depth - 1)}}`;
        return `...${name}${directive()} ${random.chance(0.3) ? `...${name}` : ''}`;
      }
      const field = fields.length === 0 ? undefined : random.pick(fields);
      if (field === undefined || field.name.startsWith('_service')) return '__typename';
      const alias = random.chance(0.2) ? `${random.pick(['a', 'b', 'zz', 'constructor', '__proto__'])}: ` : '';
      const named = getNamedType(field.type);
      const given = random.pick(argumentsOf[field.name] ?? ['']);
      if (!isCompositeType(named)) return `${alias}${field.name}${given}${directive()}`;
      return depth > 0 ? `${alias}${field.name}${given}${directive()} {${select(named, depth - 1)}}` : '__typename';
    };
    return Array.from({ length: 1 + (random.bits() % 5) }, one).join(' ');
  };

  const query = subgraphSchema.getQueryType();
  const selection = query ? select(query, 5) : '';
  const variables = '$yes: Boolean = true, $no: Boolean!, $first: Int, $cursor: String, $id: ID!, $filter: ImageFilter';
  return `query Random(${variables}) {${selection} used: node(id: $id) {__typename @include(if: $yes) id @skip(if: $no)} cut: images(first: $first, before: $cursor, filter: $filter) {__typename}}\n${fragments.join('\n')}`;
}

const nodeType = (() => {
  const type = subgraphSchema.getType('Node');
  if (!isInterfaceType(type)) throw new TypeError('expected an interface Node');
  return type;
})();
