import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  printSchema,
  graphql,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema, subgraphSchema } from '../../src/schema/index.ts';

test('schema.graphql is the printed schema', async () => {
  await expect(`${printSchema(schema)}\n`).toMatchFileSnapshot('../../schema.graphql');
});

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

const partsOf = (type: GraphQLNamedType): readonly (readonly [place: string, part: Described])[] => {
  if (isEnumType(type)) return type.getValues().map((value) => [`${type.name}.${value.name}`, value] as const);
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const args: readonly Described[] = 'args' in field ? field.args : [];
    const place = `${type.name}.${field.name}`;
    return [[place, field], ...args.map((arg) => [`${place}(${arg.name}:)`, arg] as const)] as const;
  });
};

test('examples/federation/images.graphql is what _service tells a federation gateway', async () => {
  const { data } = await graphql({ schema: subgraphSchema, source: '{ _service { sdl } }' });
  const service = data?.['_service'] as { readonly sdl: string } | undefined;
  await expect(`${service?.sdl}\n`).toMatchFileSnapshot('../../examples/federation/images.graphql');
});

test.each([
  ['schema.graphql', schema],
  ['the served schema', subgraphSchema],
])('everything in %s carries a description', (_which, one) => {
  const types = Object.values(one.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  const own = types.filter((type) => !['Int', 'Float', 'String', 'Boolean', 'ID'].includes(type.name));
  const parts = own.flatMap((type) => [[type.name, type] as const, ...partsOf(type)]);

  expect(parts.length).toBeGreaterThan(200);
  expect(parts.filter(([, part]) => !part.description).map(([place]) => place)).toEqual([]);
});
