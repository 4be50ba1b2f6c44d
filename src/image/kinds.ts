import {
  askBoolean,
  askEnumeration,
  askInteger,
  askInverted,
  askSupport,
  askText,
  askWords,
  toComparedText,
} from './ask.ts';
import { type Enumeration, namesOf } from './enums.ts';
import { type Ask, type Kind, MalformedValue } from './field.ts';
import { isPlainText } from './plain-text.ts';
import { askRange, type NumberRange } from './range.ts';
import { askTextMatch } from './text-match.ts';
import { askTime, readTime, type TimeComparison } from './time.ts';

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

/** Free text, searched by equality. */
export const text: Kind<string> = {
  output: 'String',
  list: false,
  whenAbsent: null,
  decode: readText,
  ask: askText('1 to 255 characters', isPlainText),
};

/** Free text, searched by equality and in part. */
export const searchText: Kind<string> = { ...text, more: { Matches: askTextMatch } };

/** A name as IMS allows it; upstream would read a colon as an operator. */
export const imageName: Kind<string> = {
  ...searchText,
  ask: askText('a name of 1 to 128 characters without ":"', (value) => /^[^:\p{Cc}\p{Cs}]{1,128}$/u.test(value)),
};

/** Whether text can name a property of an image; `sort`, `page` and others mean something else to upstream. */
export const isPropertyName = (value: string): boolean => /^(__|_sys_|hw_|os_)[a-z0-9_]{1,60}$/.test(value);

/** Whether text can be an id at all; upstream would read a colon as an operator. */
export const isIdentifier = (value: string): boolean => /^[\w.-]{1,64}$/.test(value);

const askId = askText('an id of 1 to 64 letters, digits, "-", "_" or "."', isIdentifier, 'ID');

/** An id of IMS, IAM or KMS. */
export const identifier: Kind<string> = { ...text, output: 'ID', ask: askId };

/** The default enterprise project, and the word for all of them (manual: `enterprise_project_id`). */
const DEFAULT_PROJECT = '0';
const ALL_PROJECTS = 'all_granted_eps';

/** The enterprise project of an image; none is the default one (manual: `enterprise_project_id`). */
export const enterpriseProject: Kind<string> = {
  ...identifier,
  whenAbsent: DEFAULT_PROJECT,
  ask: {
    ...askId,
    test: (values, wire) => {
      if (values.includes(ALL_PROJECTS)) return () => true;
      const wanted = new Set(values);
      return (image) => wanted.has(toComparedText(image[wire]) || DEFAULT_PROJECT);
    },
  },
};

/** An id of which only one can be asked for, now and later. */
export const askSoleId: Ask<string> = { ...askId, list: false, note: '' };

/** A boolean, sent as such or as `true`, `True`, `false`, `False`. */
export const flag: Kind<boolean> = {
  output: 'Boolean',
  list: false,
  whenAbsent: null,
  decode: readBoolean,
  ask: askBoolean,
};

/** A flag that is sent only when it is true: absent means false, and upstream can be asked for true only. */
export const support: Kind<boolean> = { ...flag, whenAbsent: false, ask: askSupport };

/** A flag that says "not": `true` means no, every other value, or none, means yes. */
export const invertedFlag: Kind<boolean> = {
  ...flag,
  whenAbsent: true,
  decode: (wire) => wire !== true && wire !== 'true' && wire !== 'True',
  ask: askInverted,
};

/** Reads a 32-bit integer. Throws `MalformedValue`. */
export const readInt32 = (wire: unknown): number => readWholeNumber(wire, 2 ** 31 - 1);

/** A 32-bit integer, sent as a number or as decimal text. */
export const integer: Kind<number> = {
  output: 'Int',
  list: false,
  whenAbsent: null,
  decode: readInt32,
  ask: askInteger(0, 2 ** 31 - 1),
  more: { Range: askRange('ImageIntRange', readInt32) },
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
  more: {},
};

const readBytes = (wire: unknown): number => readWholeNumber(wire, Number.MAX_SAFE_INTEGER);

/** A number of bytes, past 32 bits. */
export const bytes: Kind<number, NumberRange> = {
  output: 'BigInt',
  list: false,
  whenAbsent: null,
  decode: readBytes,
  ask: null,
  more: { Range: askRange('ImageBigIntRange', readBytes) },
};

const toWords = (wire: unknown): readonly string[] =>
  typeof wire === 'string'
    ? wire
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '')
    : [];

/** Words between commas; absent means none. */
export const words: Kind<readonly string[], string> = {
  output: 'String',
  list: true,
  whenAbsent: [],
  decode: (wire) => toWords(readText(wire)),
  ask: askWords('any', toWords),
  more: { All: askWords('all', toWords) },
};

/** One of the values that the manual lists; any other is shown as `OTHER` and cannot be asked for. */
export const oneOf = (values: Enumeration): Kind<string> => {
  const wireToName = namesOf(values);
  return {
    output: values,
    list: false,
    whenAbsent: null,
    decode: (wire) => wireToName(readText(wire)),
    ask: askEnumeration(values),
  };
};

/** A point in time; text without a zone is UTC. Upstream compares by the second, with one operator. */
export const timestamp: Kind<string, TimeComparison> = {
  output: 'DateTime',
  list: false,
  whenAbsent: null,
  decode: readTime,
  ask: askTime,
};
