import { readFileSync } from 'node:fs';
import { buildSchema, Kind, parse, visit } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../src/schema/index.ts';
import { deprecationReason, schemaBreaks } from './support/schema-breaks.ts';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const today = new Date();

/** Why each break since the last release is meant, by its change. */
const intended: Readonly<Record<string, string>> = JSON.parse(read('docs/intended-breaks.json'));

test('nothing that was released breaks, except what docs/intended-breaks.json names', async () => {
  const breaks = await schemaBreaks(buildSchema(read('docs/released.schema.graphql')), schema, today);
  expect(breaks.filter(({ change }) => intended[change] === undefined)).toEqual([]);
});

test('every intended break has a reason and takes place', async () => {
  const breaks = await schemaBreaks(buildSchema(read('docs/released.schema.graphql')), schema, today);
  const changes = breaks.map(({ change }) => change);
  expect(Object.entries(intended).filter(([change, reason]) => reason === '' || !changes.includes(change))).toEqual([]);
});

test('every deprecation says what to use instead, and from which day on its part may go', () => {
  const reasons: string[] = [];
  visit(parse(read('schema.graphql')), {
    Directive({ name, arguments: args = [] }) {
      if (name.value !== 'deprecated') return;
      const [reason] = args;
      reasons.push(reason?.value.kind === Kind.STRING ? reason.value.value : 'no reason');
    },
  });
  expect(reasons.filter((reason) => !deprecationReason.test(reason))).toEqual([]);
});

const released = `
  enum Colour { RED GREEN @deprecated(reason: "Nobody had it. Goes no earlier than 2030-01-01.") }
  input Filter { colour: Colour size: Int = 1 }
  type Image {
    name: String
    size: Int!
    label: String @deprecated(reason: "Use \`name\`. Goes no earlier than 2030-01-01.")
    alias: String @deprecated(reason: "Use \`name\`.")
  }
  type Query { image(filter: Filter, first: Int = 20): Image }
`;

const changesAfter = async (before: string, after: string): Promise<string[]> => {
  const breaks = await schemaBreaks(buildSchema(released), buildSchema(released.replace(before, after)), today);
  return breaks.map(({ change }) => change);
};

test.each([
  ['a field that goes', 'name: String', '', 'FIELD_REMOVED Image.name'],
  ['a field of another type', 'name: String', 'name: Int', 'FIELD_TYPE_CHANGED Image.name'],
  ['a field that may become null', 'size: Int!', 'size: Int', 'FIELD_TYPE_CHANGED Image.size'],
  ['an enumeration value that goes', 'RED', '', 'ENUM_VALUE_REMOVED Colour.RED'],
  ['a criterion that goes', 'colour: Colour', '', 'INPUT_FIELD_REMOVED Filter.colour'],
  ['a new criterion that must be given', 'colour: Colour', 'colour: Colour a: Int!', 'INPUT_FIELD_ADDED Filter.a'],
  ['a new argument that must be given', 'first: Int', 'a: Int! first: Int', 'FIELD_ARGUMENT_ADDED Query.image.a'],
  ['another default of an argument', 'Int = 20', 'Int = 10', 'FIELD_ARGUMENT_DEFAULT_CHANGED Query.image.first'],
  ['another default of a criterion', 'Int = 1', 'Int = 2', 'INPUT_FIELD_DEFAULT_VALUE_CHANGED Filter.size'],
])('%s is a break', async (_what, before, after, change) => {
  expect(await changesAfter(before, after)).toEqual([change]);
});

test.each([
  ['a new field', 'size: Int!', 'size: Int! weight: Int'],
  ['a new enumeration value', 'RED', 'RED BLUE'],
  ['a new criterion', 'colour: Colour', 'colour: Colour weight: Int'],
  ['a new argument', 'first: Int', 'last: Int first: Int'],
  ['a field that is never null any more', 'name: String', 'name: String!'],
  ['a deprecation', 'name: String', 'name: String @deprecated(reason: "Use `size`. Goes no earlier than 2030-01-01.")'],
])('%s is no break', async (_what, before, after) => {
  expect(await changesAfter(before, after)).toEqual([]);
});

test('what was deprecated may go from the day that the released schema names, and nothing without a day', async () => {
  const current = buildSchema(released.replace(/ (label|alias|GREEN).*"\)/g, ' '));
  const breaksOn = async (day: string) => {
    const breaks = await schemaBreaks(buildSchema(released), current, new Date(day));
    return breaks.map(({ change }) => change);
  };
  const early = ['ENUM_VALUE_REMOVED Colour.GREEN', 'FIELD_REMOVED Image.alias', 'FIELD_REMOVED Image.label'];
  expect((await breaksOn('2029-12-31')).toSorted()).toEqual(early);
  expect(await breaksOn('2030-01-01')).toEqual(['FIELD_REMOVED Image.alias']);
});
