import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPublicImage, queryToPublicQuestion } from '../../src/image/public-images.ts';
import { type Parameter, toImageQuery } from '../../src/image/query-string.ts';

const read = (...parameters: Parameter[]) => queryToPublicQuestion(toImageQuery(parameters));
const gold: Parameter = ['__imagetype', 'gold'];
const window: Parameter[] = [
  ['sort_key', 'name'],
  ['sort_dir', 'asc'],
  ['limit', '21'],
];

test.for([[[gold]], [[['visibility', 'public']]], [[gold, ['visibility', 'public']]]] as [Parameter[]][])(
  '%j restricts a query to public images',
  ([restriction]) => {
    expect(read(...restriction, ...window)).toEqual({ marker: null });
    expect(read(...restriction, ['name', 'a b&c=d'], ['__os_type', 'Linux'], ['marker', 'id-1'])).toEqual({
      marker: 'id-1',
    });
  },
);

test.for([
  [],
  [['__imagetype', 'market']],
  [['__imagetype', 'private']],
  [['__imagetype', 'shared']],
  [['visibility', 'private']],
  [['name', '__imagetype=gold']],
  [['id', 'x']],
] as Parameter[][])('%j does not', (parameters) => {
  expect(read(...parameters, ...window)).toBeNull();
});

test.for([
  ['enterprise_project_id', '0'],
  ['owner', 'somebody'],
  ['member_status', 'accepted'],
  ['flavor_id', 's6.small.1'],
  ['tag', 'a=b'],
  ['__isregistered', 'false'],
  ['__system__cmkid', 'key-1'],
  ['__whole_image', 'true'],
  ['__something_undocumented', 'x'],
  ['constructor', 'x'],
] as Parameter[])('%j may mean another thing for another caller', (parameter) => {
  expect(read(gold, parameter)).toBeNull();
});

test('a criterion that is given twice is understood by nobody', () => {
  expect(read(gold, ['__imagetype', 'private'])).toBeNull();
  expect(read(gold, ['name', 'a'], ['name', 'b'])).toBeNull();
});

test('an image is public that says so, and does not say that it is not available', () => {
  const image = { id: 'x', visibility: 'public' };
  expect([image, { ...image, __isregistered: 'true' }].map(isPublicImage)).toEqual([true, true]);
  const others = [
    { id: 'x' },
    { id: 'x', __imagetype: 'gold' },
    { id: 'x', visibility: 'private' },
    { id: 'x', visibility: 'shared' },
    { id: 'x', visibility: null },
    { ...image, __isregistered: 'false' },
    { ...image, __isregistered: null },
  ];
  expect(others.map(isPublicImage)).toEqual(others.map(() => false));
});

test('a query is read as its parameters say, whatever they hold', () => {
  const known = ['__imagetype', 'visibility', 'marker', 'name'];
  const names = fc.constantFrom(...known, 'name', 'tag', 'a b', 'x=y', '');
  const values = fc.oneof(
    fc.constantFrom('gold', 'public', '__imagetype=gold', 'a&b', ''),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values), { maxLength: 5 }), (given) => {
      const isOnce = new Set(given.map(([name]) => name)).size === given.length;
      const isPublic = given.some((one) => ['__imagetype=gold', 'visibility=public'].includes(one.join('=')));
      const isUnderstood = isPublic && isOnce && given.every(([name]) => known.includes(name));
      const marker = given.find(([name]) => name === 'marker')?.[1] ?? null;
      expect(read(...given)).toEqual(isUnderstood ? { marker } : null);
    }),
    { numRuns: 3000 },
  );
});
