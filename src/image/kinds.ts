import { type Enumeration, nameToWire, wireToName } from './enums.ts';
import { type Ask, type Kind, MalformedValue } from './field.ts';

const readText = (wire: unknown): string => {
  if (typeof wire !== 'string') throw new MalformedValue('text', wire);
  return wire;
};

const readBoolean = (wire: unknown): boolean => {
  if (wire === true || wire === 'true' || wire === 'True') return true;
  if (wire === false || wire === 'false' || wire === 'False') return false;
  throw new MalformedValue('true or false', wire);
};

const readWholeNumber = (wire: unknown, most: number): number => {
  const number = typeof wire === 'string' && /^-?\d{1,19}$/.test(wire) ? Number(wire) : wire;
  if (typeof number !== 'number' || !Number.isInteger(number) || Math.abs(number) > most) {
    throw new MalformedValue(`a whole number up to ${most}`, wire);
  }
  return number;
};

const timeParts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)?$/;

/** Whether `YYYY-MM-DD` is a day; `Date` would take 30 February for 2 March. */
export const isDay = (day: string): boolean => {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};

const readTime = (wire: unknown): Date => {
  const [, day = '', time, zone = 'Z'] = timeParts.exec(readText(wire)) ?? [];
  const date = new Date(`${day}T${time}${zone}`);
  if (!isDay(day) || Number.isNaN(date.getTime())) throw new MalformedValue('a time', wire);
  return date;
};

const askText = (expected: string, accepts: (value: string) => boolean): Ask<string> => ({
  input: 'String',
  list: true,
  expected,
  accepts,
  encode: (value) => value,
});

const askInteger = (least: number, most: number): Ask<number> => ({
  input: 'Int',
  list: false,
  expected: `a whole number from ${least} to ${most}`,
  accepts: (value) => value >= least && value <= most,
  encode: String,
});

const askBoolean: Ask<boolean> = {
  input: 'Boolean',
  list: false,
  expected: 'true or false',
  accepts: () => true,
  encode: String,
};

/** Text of up to 255 characters that can be sent: no control characters, no halves of surrogate pairs. */
export const isPlainText = (value: string): boolean => /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(value);

/** Free text, searched by equality. */
export const text: Kind<string> = {
  output: 'String',
  list: false,
  whenAbsent: null,
  decode: readText,
  ask: askText('1 to 255 characters', isPlainText),
};

/** A name as IMS allows it; upstream would read a colon as an operator. */
export const imageName: Kind<string> = {
  ...text,
  ask: askText('a name of 1 to 128 characters without ":"', (value) => /^[^:\p{Cc}\p{Cs}]{1,128}$/u.test(value)),
};

/** Whether text can name a property of an image; `sort`, `page` and others mean something else to upstream. */
export const isPropertyName = (value: string): boolean => /^(__|_sys_|hw_|os_)[a-z0-9_]{1,60}$/.test(value);

/** Whether text can be an id at all; upstream would read a colon as an operator. */
export const isIdentifier = (value: string): boolean => /^[\w.-]{1,64}$/.test(value);

const askId: Ask<string> = {
  ...askText('an id of 1 to 64 letters, digits, "-", "_" or "."', isIdentifier),
  input: 'ID',
};

/** An id of IMS, IAM or KMS. */
export const identifier: Kind<string> = { ...text, output: 'ID', ask: askId };

/** The enterprise project of an image; none is the default one (manual: `enterprise_project_id`). */
export const enterpriseProject: Kind<string> = { ...identifier, whenAbsent: '0' };

/** An id of which only one can be asked for, now and later. */
export const soleIdentifier: Kind<string> = { ...identifier, ask: { ...askId, list: false } };

/** A boolean, sent as such or as `true`, `True`, `false`, `False`. */
export const flag: Kind<boolean> = {
  output: 'Boolean',
  list: false,
  whenAbsent: null,
  decode: readBoolean,
  ask: askBoolean,
};

/** A flag that is sent only when it is true: absent means false, and only true can be asked for. */
export const support: Kind<boolean> = {
  ...flag,
  whenAbsent: false,
  ask: { ...askBoolean, expected: 'true (upstream cannot be asked for images without it)', accepts: (value) => value },
};

/** A flag that says "not": `true` means no, every other value, or none, means yes. */
export const invertedFlag: Kind<boolean> = {
  ...flag,
  whenAbsent: true,
  decode: (wire) => wire !== true && wire !== 'true' && wire !== 'True',
  ask: null,
};

/** A 32-bit integer, sent as a number or as decimal text. */
export const integer: Kind<number> = {
  output: 'Int',
  list: false,
  whenAbsent: null,
  decode: (wire) => readWholeNumber(wire, 2 ** 31 - 1),
  ask: askInteger(0, 2 ** 31 - 1),
};

/** An integer that can be asked for within the manual's range. */
export const integerWithin = (least: number, most: number): Kind<number> => ({
  ...integer,
  ask: askInteger(least, most),
});

/** An upper bound, where 0 and absence both mean that there is none. */
export const bound: Kind<number | null, number> = {
  ...integer,
  decode: (wire) => integer.decode(wire) || null,
  ask: null,
};

/** A number of bytes, past 32 bits. */
export const bytes: Kind<number> = {
  output: 'BigInt',
  list: false,
  whenAbsent: null,
  decode: (wire) => readWholeNumber(wire, Number.MAX_SAFE_INTEGER),
  ask: null,
};

/** Words between commas; absent means none. */
export const words: Kind<readonly string[]> = {
  output: 'String',
  list: true,
  whenAbsent: [],
  decode: (wire) =>
    readText(wire)
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ask: null,
};

/** One of the values that the manual lists; any other is shown as `OTHER` and cannot be asked for. */
export const oneOf = (values: Enumeration): Kind<string> => ({
  output: values,
  list: false,
  whenAbsent: null,
  decode: (wire) => wireToName(values, readText(wire)),
  ask: {
    input: values,
    list: true,
    expected: `one of ${Object.keys(values.values).join(', ')}`,
    accepts: (name) => name in values.values,
    encode: (name) => nameToWire(values, name),
  },
});

/** The comparisons that upstream knows for times (manual: `created_at`): GraphQL's name, upstream's, and its meaning. */
export const timeOperators = [
  ['gt', 'gt', 'Later than.'],
  ['gte', 'gte', 'At this time or later.'],
  ['lt', 'lt', 'Earlier than.'],
  ['lte', 'lte', 'At this time or earlier.'],
  ['eq', 'eq', 'At exactly this second.'],
  ['ne', 'neq', 'At any other time.'],
] as const;

/** A comparison with a time. */
export type TimeComparison = { readonly [Operator in (typeof timeOperators)[number][0]]?: Date | null };

const givenOperators = (comparison: TimeComparison) =>
  timeOperators.flatMap(([name, operator]) => {
    const time = comparison[name];
    return time == null ? [] : [{ operator, time }];
  });

const toUtcSeconds = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

/** A point in time; text without a zone is UTC. Upstream compares by the second, with one operator. */
export const timestamp: Kind<Date, TimeComparison> = {
  output: 'DateTime',
  list: false,
  whenAbsent: null,
  decode: readTime,
  ask: {
    input: 'DateTimeFilter',
    list: false,
    expected: 'exactly one of gt, gte, lt, lte, eq, ne, with a time of whole seconds',
    accepts: (comparison) => {
      const given = givenOperators(comparison);
      return given.length === 1 && given.every(({ time }) => time.getTime() % 1000 === 0);
    },
    encode: (comparison) =>
      givenOperators(comparison)
        .map((g) => `${g.operator}:${toUtcSeconds(g.time)}`)
        .join(),
  },
};
