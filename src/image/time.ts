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

/** The usual spelling of a time: whole seconds, in UTC, on a day that every year has. */
const plainTime =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Whether a text is a time as answers spell it, so that nothing of it has to be worked out. */
export const isPlainTime = (text: unknown): text is string => typeof text === 'string' && plainTime.test(text);

/** A time as RFC 3339 writes it, in UTC; a fraction only where it has one, which has three digits. */
function instantToText(instant: number): string {
  const text = new Date(instant).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** Reads a time, as RFC 3339 writes it in UTC. Throws `MalformedValue`. */
export function readTime(wire: unknown): string {
  if (isPlainTime(wire)) return wire;
  const instant = toInstant(wire);
  if (instant === null) throw new MalformedValue('a time', wire);
  return instantToText(instant);
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

/** The strongest first; upstream takes one. */
const strength = ['eq', 'gte', 'gt', 'lte', 'lt', 'neq'];
const strongestFirst = timeOperators.toSorted(([, a], [, b]) => strength.indexOf(a) - strength.indexOf(b));

/** The comparisons that are given, the strongest first. */
function givenOperators(comparison: TimeComparison) {
  const given = [];
  for (const [name, operator, , holds] of strongestFirst) {
    const bound = comparison[name]?.getTime();
    if (bound !== undefined) given.push({ operator, bound, holds });
  }
  return given;
}

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
    return given.length > 0 && given.every(({ bound }) => bound % 1000 === 0);
  },
  encode: ([comparison = {}]) => {
    const [first, ...others] = givenOperators(comparison);
    if (first === undefined) return null;
    return { value: toTimeParameter(first.operator, first.bound), isWhole: others.length === 0 };
  },
  test: ([comparison = {}], wire) => {
    const bounds = givenOperators(comparison);
    return (image) => {
      const instant = toInstant(image[wire]);
      return instant !== null && bounds.every(({ bound, holds }) => holds(instant, bound));
    };
  },
};
