import { type Ask, MalformedValue } from './field.ts';

const timeParts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)?$/;

/** Whether `YYYY-MM-DD` is a day; `Date` would take 30 February for 2 March. */
export const isDay = (day: string): boolean => {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};

/** The time in milliseconds that a text means, UTC where it names no zone; null where it means none. */
export function toInstant(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const [, day = '', time, zone = 'Z'] = timeParts.exec(text) ?? [];
  const instant = Date.parse(`${day}T${time}${zone}`);
  // Every month has 28 days.
  return Number.isNaN(instant) || (Number(day.slice(-2)) > 28 && !isDay(day)) ? null : instant;
}

/** Reads a time. Throws `MalformedValue`. */
export function readTime(wire: unknown): Date {
  const instant = toInstant(wire);
  if (instant === null) throw new MalformedValue('a time', wire);
  return new Date(instant);
}

/** The comparisons of times (manual: `created_at`): GraphQL's name, upstream's, its meaning and its test. */
export const timeOperators = [
  ['gt', 'gt', 'Later than.', (instant: number, bound: number) => instant > bound],
  ['gte', 'gte', 'At this time or later.', (instant: number, bound: number) => instant >= bound],
  ['lt', 'lt', 'Earlier than.', (instant: number, bound: number) => instant < bound],
  ['lte', 'lte', 'At this time or earlier.', (instant: number, bound: number) => instant <= bound],
  ['eq', 'eq', 'At exactly this second.', (instant: number, bound: number) => instant === bound],
  ['ne', 'neq', 'At any other time.', (instant: number, bound: number) => instant !== bound],
] as const;

/** Comparisons with times; all that are given must hold. */
export type TimeComparison = { readonly [Operator in (typeof timeOperators)[number][0]]?: Date | null };

const givenOperators = (comparison: TimeComparison) =>
  timeOperators.flatMap(([name, operator, , holds]) => {
    const time = comparison[name];
    return time == null ? [] : [{ operator, time, holds }];
  });

/** The strongest first; upstream takes one. */
const strength = ['eq', 'gte', 'gt', 'lte', 'lt', 'neq'];

/** A comparison as upstream's parameter: by the second. */
export const toTimeParameter = (operator: 'gte' | 'lte' | (typeof timeOperators)[number][1], instant: number): string =>
  `${operator}:${new Date(instant).toISOString().slice(0, 19)}Z`;

/** Comparisons of a time; an image without one satisfies none. */
export const askTime: Ask<TimeComparison> = {
  input: 'ImageDateTimeFilter',
  list: false,
  note: '',
  expected: `at least one of ${timeOperators.map(([name]) => name).join(', ')}, each a time of whole seconds`,
  accepts: (comparison) => {
    const given = givenOperators(comparison);
    return given.length > 0 && given.every(({ time }) => time.getTime() % 1000 === 0);
  },
  encode: ([comparison = {}]) => {
    const given = givenOperators(comparison);
    const [first] = given.toSorted((a, b) => strength.indexOf(a.operator) - strength.indexOf(b.operator));
    if (first === undefined) return null;
    return { value: toTimeParameter(first.operator, first.time.getTime()), isWhole: given.length === 1 };
  },
  test: ([comparison = {}], wire) => {
    const bounds = givenOperators(comparison).map(({ time, holds }) => ({ bound: time.getTime(), holds }));
    return (image) => {
      const instant = toInstant(image[wire]);
      return instant !== null && bounds.every(({ bound, holds }) => holds(instant, bound));
    };
  },
};
