import { expect, test } from 'vitest';
import { groups } from '../../src/image/groups.ts';
import { schema } from '../../src/schema/index.ts';
import { manualAttributes, manualParameters, pagingArguments } from '../support/manual.ts';

const attributePlaces = new Map(
  groups.flatMap((group) =>
    Object.entries(group.fields).map(([name, field]) => [field.wire, { type: group.type, path: [group.name, name] }]),
  ),
);
const criterionPlaces = new Map(
  groups.flatMap((group) =>
    // Of several criteria of one parameter, the first is the manual's; the others compare in ways of the gateway's own.
    Object.entries(group.criteria)
      .toReversed()
      .map(([name, criterion]) => [
        criterion.parameter,
        { type: `${group.type}Filter`, path: ['filter', group.name, name] },
      ]),
  ),
);

const show = (path: readonly string[]): string => path.filter((part) => part !== '').join('.');

/** The GraphQL type of the last field of a place, from the schema itself. */
function typeOf(place: { readonly type: string; readonly path: readonly string[] }): string {
  const type = schema.getType(place.type);
  if (type === undefined || !('getFields' in type)) throw new Error(`The schema has no type ${place.type}.`);
  const field = type.getFields()[place.path.at(-1) ?? ''];
  if (field === undefined) throw new Error(`The schema has no ${place.type}.${place.path.at(-1)}.`);
  return String(field.type);
}

test('every response attribute of the manual has a place in the schema', () => {
  expect(manualAttributes).toHaveLength(63);
  expect(manualAttributes.filter((name) => !attributePlaces.has(name))).toEqual([]);
});

test('every parameter of the manual has an argument in the schema', () => {
  expect(manualParameters).toHaveLength(38);
  const places = new Set([...criterionPlaces.keys(), ...Object.keys(pagingArguments)]);
  expect(manualParameters.filter((name) => !places.has(name))).toEqual([]);
});

test('docs/fields.md maps every name of the manual to its place', async () => {
  const attributes = manualAttributes.map((name) => {
    const place = attributePlaces.get(name);
    return place === undefined ? '' : `| \`${name}\` | \`${show(place.path)}\` | \`${typeOf(place)}\` |`;
  });
  const parameters = manualParameters.map((name) => {
    const place = criterionPlaces.get(name);
    if (place === undefined) return `| \`${name}\` | \`${pagingArguments[name]}\` | |`;
    return `| \`${name}\` | \`${show(place.path)}\` | \`${typeOf(place)}\` |`;
  });
  const page = [
    '# Where each name of the manual stands in the schema',
    '',
    'Made from `src/image/fields.ts` by `npm run generate`; a test keeps it true.',
    '',
    '## Response attributes',
    '',
    'On `Image`. An enumeration has its raw text beside it, under the same name with `Raw` at the end; `raw` holds the',
    'whole object as upstream sent it.',
    '',
    '| manual | GraphQL | type |',
    '| --- | --- | --- |',
    ...attributes,
    '',
    '## Query parameters',
    '',
    'Arguments of `images`. [search.md](search.md) has the criteria that the manual lacks, and what each costs.',
    '',
    '| manual | GraphQL | type |',
    '| --- | --- | --- |',
    ...parameters,
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot('../../docs/fields.md');
});
