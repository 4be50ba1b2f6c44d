import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  parse,
} from 'graphql';
import { getArgumentValues, getVariableValues } from 'graphql/execution/values.js';
import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/embedded/random.ts';
import { subgraphSchema as schema } from '../../src/schema/index.ts';
import { compileArguments } from '../../src/server/compiled/arguments.ts';
import { compileVariables } from '../../src/server/compiled/variables.ts';

/** What clients send for values that they should not. */
const oddities: readonly unknown[] = [
  null,
  true,
  1.5,
  -1,
  2 ** 40,
  'text',
  '',
  [],
  [null],
  {},
  { constructor: 1 },
  [['a']],
];

/** A value of a type, or, now and then, another one. */
function valueOf(type: GraphQLInputType, random: Random, depth = 4): unknown {
  if (random.chance(0.01)) return random.pick(oddities);
  if (isNonNullType(type)) return valueOf(type.ofType, random, depth);
  if (random.chance(0.02)) return null;
  if (isListType(type)) {
    if (random.chance(0.1)) return valueOf(type.ofType, random, depth - 1);
    return Array.from({ length: depth > 0 ? random.bits() % 3 : 0 }, () => valueOf(type.ofType, random, depth - 1));
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const wanted = fields.filter((field) => random.chance(isNonNullType(field.type) ? 0.9 : 3 / fields.length));
    const ordered = random.chance(0.3) ? wanted.toReversed() : wanted;
    const given = ordered.map((field) => [field.name, valueOf(field.type, random, depth - 1)]);
    return Object.fromEntries(random.chance(0.01) ? [...given, ['unheardOf', 1]] : given);
  }
  const texts = { Int: 7, Boolean: random.chance(0.5), BigInt: 2 ** 40, DateTime: '2024-02-29T10:00:00+02:00' };
  return texts[type.name as keyof typeof texts] ?? 'some text';
}

/** Names and values in their order, as deep as they go: two objects may differ in that alone. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.entries(value).map(([name, inner]) => [name, inOrder(inner)]);
};

const inputTypes = Object.values(schema.getTypeMap()).filter(
  (type) => isInputType(type) && !type.name.startsWith('__'),
);

const outcomeOf = (work: () => unknown): unknown => {
  try {
    return inOrder(work());
  } catch {
    return 'refused';
  }
};

test('variables become what graphql makes of them, in the same order, or are refused where it refuses them', () => {
  const random = createRandom(23);
  const counts = { accepted: 0, refused: 0 };
  for (let round = 0; round < 8000; round += 1) {
    const { name } = random.pick(inputTypes);
    const wrap = random.pick(['X', 'X!', '[X]', '[X!]!', '[[X!]]', 'X = null']);
    const { definitions } = parse(`query ($one: ${wrap.replace('X', name)}, $two: Int = 3) { __typename }`);
    const [operation] = definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('expected an operation');
    const variableDefinitions = operation.variableDefinitions ?? [];
    const type = schema.getType(name);
    if (!isInputType(type)) throw new TypeError('expected an input type');
    const value = wrap.includes('[') && random.chance(0.8) ? [valueOf(type, random)] : valueOf(type, random);
    const given = { ...(random.chance(0.95) ? { one: value } : {}), ...(random.chance(0.5) ? { two: 5 } : {}) };
    const expected = outcomeOf(() => {
      const { coerced, errors } = getVariableValues(schema, variableDefinitions, given);
      if (errors !== undefined) throw new Error('refused');
      return coerced;
    });
    const toVariables = compileVariables(schema, variableDefinitions);
    // What comes again is the same as what came first.
    for (let time = 0; time < 3; time += 1) {
      const received = outcomeOf(() => toVariables(given));
      expect(received, `${wrap} of ${name}: ${JSON.stringify(given)}`).toEqual(expected);
    }
    counts[expected === 'refused' ? 'refused' : 'accepted'] += 1;
  }
  expect(counts.accepted).toBeGreaterThan(4000);
  expect(counts.refused).toBeGreaterThan(300);
});

const filterOf = (text: string): unknown => {
  const [operation] = parse('query ($filter: ImageFilter) { __typename }').definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('expected an operation');
  return compileVariables(schema, operation.variableDefinitions ?? [])({ filter: JSON.parse(text) })['filter'];
};

test('a filter that comes again is the very same one', () => {
  const text = '{"name":"again","createdAt":{"gt":"2024-02-29T10:00:00Z"}}';
  const [first, second, third] = [filterOf(text), filterOf(text), filterOf(text)];
  expect(second).toEqual(first);
  expect(third).toBe(second);
  expect(filterOf(text.replace('again', 'other'))).not.toEqual(first);
});

test('a number that is too large stays refused, though JSON writes it as null', () => {
  const [none, huge] = ['{"requirements":{"minDiskGiB":null}}', '{"requirements":{"minDiskGiB":1e999}}'];
  for (const text of [none, none, none]) expect(filterOf(text)).toEqual({ requirements: { minDiskGiB: null } });
  expect(() => filterOf(huge)).toThrow();
});

test.each([
  ['images', ''],
  ['images', '(first: $a)'],
  ['images', '(first: 3, after: null, filter: {type: PUBLIC, os: {platform: $b}})'],
  ['images', '(filter: $c, orderBy: [{field: NAME}, {field: $d}])'],
  ['images', '(orderBy: $e)'],
  ['image', '(id: $b)'],
  ['image', '(id: $none)'],
  ['nodes', '(ids: [$b, "x"])'],
  ['nodes', '(ids: $constructor)'],
])('arguments of %s%s are what graphql makes of them, or are refused where it refuses them', (field, args) => {
  const definition = schema.getQueryType()?.getFields()[field];
  const [operation] = parse(`{ ${field}${args} }`).definitions;
  const node = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections[0] : undefined;
  if (definition === undefined || node?.kind !== Kind.FIELD) throw new TypeError('expected a field');
  for (const given of [
    {},
    { a: 5, b: ['UBUNTU'], c: { name: 'x' }, d: 'NAME', e: [] },
    { a: null, b: 'UBUNTU', c: null, d: null, e: null },
    { a: 0, b: null },
  ]) {
    const variables: Record<string, unknown> = Object.assign(Object.create(null), given);
    const expected = outcomeOf(() => getArgumentValues(definition, node, variables));
    expect(
      outcomeOf(() => compileArguments(definition, node)(variables)),
      JSON.stringify(given),
    ).toEqual(expected);
  }
});
