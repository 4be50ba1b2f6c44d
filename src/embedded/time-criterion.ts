import type { Criterion } from './criterion.ts';
import { refusedParameter } from './errors.ts';

const operators = new Map<string, (instant: number, bound: number) => boolean>([
  ['gt', (instant, bound) => instant > bound],
  ['gte', (instant, bound) => instant >= bound],
  ['lt', (instant, bound) => instant < bound],
  ['lte', (instant, bound) => instant <= bound],
  ['eq', (instant, bound) => instant === bound],
  ['neq', (instant, bound) => instant !== bound],
]);

const shape =
  /^(?:(?<operator>[a-z]+):)?(?<date>\d{4}-\d\d-\d\d)(?:T(?<utc>\d\d:\d\d:\d\d)Z| (?<plain>\d\d:\d\d:\d\d))$/;

/** The instant in milliseconds; null for a moment that the calendar does not have, such as February 30. */
function toInstant(date: string, time: string): number | null {
  const iso = `${date}T${time}.000Z`;
  const instant = new Date(iso);
  return Number.isNaN(instant.getTime()) || instant.toISOString() !== iso ? null : instant.getTime();
}

/**
 * `operator:time` of the manual's `created_at` and `updated_at`, in either of its two forms of time; no operator means `eq`.
 * An image without a readable time satisfies no operator, not even `neq`: a database compares NULL that way.
 */
export const timeRange: Criterion = (value, name) => {
  const { operator = 'eq', date = '', utc, plain } = shape.exec(value)?.groups ?? {};
  const bound = toInstant(date, utc ?? plain ?? '');
  const compare = operators.get(operator);
  if (bound === null || compare === undefined) {
    const expected = `operator:time with one of ${[...operators.keys()].join(', ')} and 2018-10-28T10:00:00Z or 2018-10-28 10:00:00`;
    throw refusedParameter(name, expected, value);
  }
  return (image) => {
    const text = image[name];
    const instant = typeof text === 'string' ? Date.parse(text) : Number.NaN;
    return !Number.isNaN(instant) && compare(instant, bound);
  };
};
