import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groups } from '../../src/image/groups.ts';
import { filterToCondition } from '../../src/query/filter.ts';

/** Every criterion in the order of the tables. */
const criteria = groups.flatMap(({ name: group, criteria: of }) =>
  Object.entries(of).map(([name, { ask }]) => ({
    group,
    name,
    place: group === '' ? name : `${group}.${name}`,
    isBoolean: ask.input === 'Boolean',
  })),
);

type Known = (typeof criteria)[number];

/** Some of the criteria, in any order. */
const someOf = (known: readonly Known[]) => fc.shuffledSubarray([...known], { minLength: 1 });

/** A filter that gives these criteria in this order. */
function toFilter(given: readonly Known[], value: unknown): Record<string, unknown> {
  const filter: Record<string, any> = {};
  for (const { group, name } of given) {
    if (group === '') filter[name] = value;
    else (filter[group] ??= {})[name] = value;
  }
  return filter;
}

const inTableOrder = (given: readonly Known[]): string[] =>
  criteria.filter((one) => given.includes(one)).map(({ place }) => place);

test('conditions stand in the order of the tables, whatever the order in which criteria are given', () => {
  fc.assert(
    fc.property(someOf(criteria.filter(({ isBoolean }) => isBoolean)), (given) => {
      const condition = filterToCondition(toFilter(given, true));
      const of = condition.kind === 'all' ? condition.of : [];
      expect(of.map((one) => one.kind === 'criterion' && one.criterion)).toEqual(inTableOrder(given));
    }),
  );
});

test('of several criteria that cannot be answered, the first one of the tables is refused', () => {
  fc.assert(
    fc.property(someOf(criteria), (given) => {
      const [first] = inTableOrder(given);
      expect(() => filterToCondition(toFilter(given, []))).toThrow(`Argument "filter.${first}": expected`);
    }),
  );
});

test('what is null, absent or no criterion is not asked for', () => {
  const filter = { type: null, os: null, status: undefined, supports: { kvm: null }, other: true, constructor: true };
  expect(filterToCondition(filter)).toEqual({ kind: 'all', of: [] });
});
