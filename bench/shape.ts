import { readFileSync } from 'node:fs';
import {
  type DocumentNode,
  buildSchema,
  type FieldNode,
  Kind,
  parse,
  print,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { read, shown } from '../src/image/field.ts';
import { supportFields } from '../src/image/fields.ts';
import { type Group, groups } from '../src/image/groups.ts';
import { flag, text } from '../src/image/kinds.ts';
import type { WireImage } from '../src/image/source.ts';
import { osFeatures } from '../src/image/structures.ts';

const sdl = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');

/** The gateway's schema, for what the bench makes of operations. */
export const schema = buildSchema(sdl);

/** An image in GraphQL's terms: what default resolvers read, and JSON shows. */
export type ShownImage = Readonly<Record<string, unknown>>;

/** What operations ask of images, for servers that answer these operations and no others. */
export interface Shape {
  /** schema.graphql, reduced to the fields that are asked for. */
  readonly sdl: string;
  /** Decodes those attributes of an image, once and all together: resolvers have nothing left to do. */
  readonly toImage: (wire: WireImage) => ShownImage;
}

/** What is asked: fields by the document, fields of filters by the variables. */
export interface Asked {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The shape of what is asked. Throws where that is more than attributes of the images of a page. */
export function questionToShape({ document, variables }: Asked): Shape {
  const used = usedFields(document);
  const beside = [...(used.get('ImageConnection') ?? [])].find((name) => !toldByList.has(name));
  if (beside !== undefined) throw new Error(`${beside}: expected nothing beside the images of a page.`);
  return { sdl: reduceSdl(used, namesIn(variables)), toImage: createDecoder(used) };
}

/** What a list of rows tells of a connection. */
const toldByList: ReadonlySet<string> = new Set(['edges', 'pageInfo', '__typename']);

/** The names of all that a value holds, at any depth. */
const namesIn = (value: unknown): ReadonlySet<string> =>
  new Set(
    value === null || typeof value !== 'object'
      ? []
      : Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]),
  );

export type UsedFields = ReadonlyMap<string, ReadonlySet<string>>;

/** The fields that a document selects, by type. */
export function usedFields(document: DocumentNode): UsedFields {
  const used = new Map<string, Set<string>>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType()?.name ?? '';
        used.set(parent, (used.get(parent) ?? new Set()).add(node.name.value));
      },
    }),
  );
  return used;
}

/** Cases may ask by them though the operation does not, and types without fields would be none. */
const alwaysNamed: ReadonlySet<string> = new Set(['createdAt', 'gte', 'field', 'direction']);

function reduceSdl(used: UsedFields, named: ReadonlySet<string>): string {
  const reduced = visit(parse(sdl), {
    // Filters within filters are more than a compiler of operations can unroll.
    InputObjectTypeDefinition(type) {
      const fields = type.fields?.filter(({ name: { value } }) => named.has(value) || alwaysNamed.has(value)) ?? [];
      return fields.length === 0 ? null : { ...type, fields };
    },
    ObjectTypeDefinition(type) {
      const fields = type.fields?.filter(({ name }) => used.get(type.name.value)?.has(name.value)) ?? [];
      return fields.length === 0 ? null : { ...type, fields, interfaces: [] };
    },
    InterfaceTypeDefinition: () => null,
    UnionTypeDefinition: () => null,
  });
  return print(reduced);
}

type Decode = (wire: WireImage) => unknown;

/** Reads attributes as fields of one GraphQL type show them. */
function createDecoder(used: UsedFields, group: Group = groups[0]): (wire: WireImage) => ShownImage {
  const decoders = [...(used.get(group.type) ?? [])]
    .filter((name) => name !== '__typename')
    .map((name): readonly [string, Decode] => [name, decoderOf(name, group, used)]);
  return (wire) => {
    const image: Record<string, unknown> = {};
    for (const [name, decode] of decoders) image[name] = decode(wire);
    return image;
  };
}

function decoderOf(name: string, group: Group, used: UsedFields): Decode {
  const field = group.fields[name];
  if (group.name === 'os' && name === 'features') return decodeFeatures;
  if (field !== undefined) return (wire) => toJson(read(field, wire));
  const enumeration = group.fields[name.replace(/Raw$/, '')];
  if (enumeration !== undefined) {
    const raw = shown(enumeration.wire, text, '');
    return (wire) => read(raw, wire);
  }
  const inner = group.name === '' ? groups.find((one) => one.name === name) : undefined;
  if (inner !== undefined) return createDecoder(used, inner);
  if (group.name === 'os' && name === 'architecture') {
    return (wire) => (read(supportFields.arm, wire) === true ? 'ARM' : 'X86');
  }
  if (group.name === '' && name === 'raw') return (wire) => wire;
  throw new Error(`${group.type}.${name}: expected an attribute.`);
}

const toJson = (value: unknown): unknown => (value instanceof Date ? value.toISOString().replace('.000Z', 'Z') : value);

function decodeFeatures(wire: WireImage): unknown {
  const features: any = groups.find(({ name }) => name === 'os')?.fields['features'];
  const found = read<Readonly<Record<string, unknown>>>(features, wire);
  if (found === null) return null;
  return Object.fromEntries(
    Object.entries(osFeatures).map(([name, { key, description }]) => [
      name,
      read(shown(key, flag, description), found),
    ]),
  );
}

/** Whether a selection is the `images` connection at the top of an operation. */
export const isImagesField = (selection: SelectionNode): selection is FieldNode =>
  selection.kind === Kind.FIELD && selection.name.value === 'images';
