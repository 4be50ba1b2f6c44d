import { toComparedText } from '../image/ask.ts';
import { InputError } from '../image/errors.ts';
import type { Criterion } from '../image/field.ts';
import { groups } from '../image/groups.ts';
import { isRecord } from '../image/json.ts';
import { isPropertyName } from '../image/kinds.ts';
import { isPlainText } from '../image/plain-text.ts';
import { show } from '../image/show.ts';
import type { Condition, GivenCriterion } from './condition.ts';

/** The value of the `filter` argument, as the schema's input types let it through. */
export type ImageFilter = Readonly<Record<string, unknown>>;

/** Deepest nesting of `and`, `or` and `not`. */
export const MAX_FILTER_DEPTH = 5;
/** Most values of all criteria of one filter. */
const MAX_FILTER_VALUES = 200;
/** Most properties of one `properties`. */
const MAX_PROPERTIES = 20;

/** What is known while a filter is read. */
interface Reading {
  /** Values so far. */
  values: number;
  /** Parameters that upstream lacks. */
  readonly unsupported: ReadonlySet<string>;
}

/**
 * What the filter asks of an image. Throws an `InputError` for what cannot be answered, as for criteria whose parameters are
 * `unsupported`: no criterion is ever dropped.
 */
export function filterToCondition(filter: ImageFilter, unsupported: ReadonlySet<string> = new Set()): Condition {
  return conditionOf(filter, 'filter', 0, { values: 0, unsupported });
}

function conditionOf(filter: ImageFilter, argument: string, depth: number, reading: Reading): Condition {
  if (depth > MAX_FILTER_DEPTH) {
    throw new InputError(argument, `at most ${MAX_FILTER_DEPTH} levels of "and", "or" and "not"`, 'more');
  }
  const of: Condition[] = [];
  for (const { name, criteria } of knownGroups) {
    const values = name === '' ? filter : filter[name];
    if (isRecord(values)) addGiven(of, values, criteria, argument, reading);
  }
  const properties = filter['properties'];
  if (Array.isArray(properties)) of.push(...givenProperties(properties, `${argument}.properties`, reading));
  for (const operator of ['and', 'or', 'not'] as const) {
    const inner = filter[operator];
    if (!Array.isArray(inner)) continue;
    const place = `${argument}.${operator}`;
    if (operator === 'or') requireSome(inner, place);
    count(reading, inner.length, place);
    const branches = inner.filter(isRecord).map((one, i) => conditionOf(one, `${place}[${i}]`, depth + 1, reading));
    if (operator === 'and') of.push(...branches);
    else if (operator === 'or') of.push({ kind: 'any', of: branches });
    else of.push(...branches.map((one) => ({ kind: 'not', of: one }) as const));
  }
  return { kind: 'all', of };
}

function count(reading: Reading, more: number, argument: string): void {
  reading.values += more;
  if (reading.values > MAX_FILTER_VALUES) {
    throw new InputError(argument, `at most ${MAX_FILTER_VALUES} values in one filter`, 'more');
  }
}

/** A list without values could mean "nothing" or "no matter"; neither is guessed. */
function requireSome(values: readonly unknown[], argument: string): void {
  if (values.length === 0) throw new InputError(argument, 'at least one value, or null for no restriction', '[]');
}

/** A criterion of the tables. */
interface KnownCriterion {
  readonly name: string;
  readonly criterion: Criterion;
  /** As `os.platform`. */
  readonly place: string;
  /** Where it stands in its table: in that order criteria are read, whatever the order in which they are given. */
  readonly rank: number;
}

const toPlace = (group: string, name: string): string => (group === '' ? name : `${group}.${name}`);

const knownGroups = groups.map(({ name: group, criteria }) => ({
  name: group,
  criteria: new Map(
    Object.entries(criteria).map(([name, criterion], rank): [string, KnownCriterion] => [
      name,
      { name, criterion, place: toPlace(group, name), rank },
    ]),
  ),
}));

/** Adds the criteria of one group that are given: there are many, and a filter has few of them. */
function addGiven(
  to: Condition[],
  values: Readonly<Record<string, unknown>>,
  criteria: ReadonlyMap<string, KnownCriterion>,
  argument: string,
  reading: Reading,
): void {
  const given: KnownCriterion[] = [];
  for (const name of Object.keys(values)) {
    const known = criteria.get(name);
    if (known !== undefined && values[name] != null) given.push(known);
  }
  if (given.length > 1) given.sort((a, b) => a.rank - b.rank);
  for (const { name, criterion, place } of given) {
    to.push(toGiven(criterion, place, `${argument}.${place}`, values[name], reading));
  }
}

function toGiven(
  criterion: Criterion,
  place: string,
  argument: string,
  value: unknown,
  reading: Reading,
): GivenCriterion {
  const { ask, parameter, wire } = criterion;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (parameter !== null && reading.unsupported.has(parameter)) {
    throw new InputError(argument, 'nothing, as the image service of this cloud lacks this criterion', show(value));
  }
  requireSome(values, argument);
  count(reading, values.length + innerValues(value), argument);
  for (const one of values) {
    if (!ask.accepts(one)) throw new InputError(argument, ask.expected, show(one));
  }
  const encoded = parameter === null ? null : ask.encode(values);
  if (wire === null && encoded === null) {
    throw new InputError(argument, 'exactly one value, as only upstream can tell', `${values.length}: ${show(value)}`);
  }
  return {
    kind: 'criterion',
    criterion: place,
    argument,
    value,
    parameter:
      parameter === null || encoded === null
        ? null
        : { name: parameter, value: encoded.value, isWhole: encoded.isWhole },
    toTest: wire === null ? null : () => ask.test(values, wire),
  };
}

/** How many texts a comparison such as `{ contains: [...] }` holds beyond its own one. */
function innerValues(value: unknown): number {
  if (!isRecord(value) || Array.isArray(value)) return 0;
  let inner = 0;
  for (const one of Object.values(value)) if (Array.isArray(one)) inner += one.length;
  return inner;
}

/** Every parameter that has an argument of its own, and that argument. */
const typedArguments = new Map(
  groups.flatMap(({ name: group, criteria }) =>
    Object.entries(criteria)
      .toReversed()
      .flatMap(([name, { parameter }]) =>
        parameter === null ? [] : [[parameter, `filter.${toPlace(group, name)}`] as const],
      ),
  ),
);

function givenProperties(properties: readonly unknown[], argument: string, reading: Reading): GivenCriterion[] {
  if (properties.length > MAX_PROPERTIES) {
    throw new InputError(argument, `at most ${MAX_PROPERTIES} properties`, String(properties.length));
  }
  count(reading, properties.length, argument);
  const seen = new Set<string>();
  return properties.filter(isRecord).map(({ name: given, value: wanted }, i) => {
    const place = `${argument}[${i}]`;
    const name = String(given);
    const typed = typedArguments.get(name);
    if (typed !== undefined) {
      throw new InputError(
        `${place}.name`,
        `a property without an argument of its own, as "${typed}" is one`,
        show(name),
      );
    }
    if (!isPropertyName(name)) {
      throw new InputError(
        `${place}.name`,
        'the name of an image property, which begins with "__", "_sys_", "hw_" or "os_"',
        show(name),
      );
    }
    const value = typeof wanted === 'string' ? wanted : null;
    if (value !== null && !isPlainText(value)) {
      throw new InputError(`${place}.value`, '1 to 255 characters', show(value));
    }
    if (seen.has(name)) throw new InputError(`${place}.name`, 'each property once', show(name));
    seen.add(name);
    return {
      kind: 'criterion',
      criterion: `properties.${name}`,
      argument: place,
      value,
      parameter: value === null ? null : { name, value, isWhole: true },
      toTest: () => (image) => {
        const text = toComparedText(image[name]) ?? '';
        return value === null ? text !== '' : text === value;
      },
    };
  });
}
