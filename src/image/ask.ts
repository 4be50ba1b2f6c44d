import { Architecture, type Enumeration, nameToWire } from './enums.ts';
import type { Ask, EncodedValue, InputName } from './field.ts';

// How criteria are asked for that compare a whole value: with one or any of several, upstream or here.

const ANY_OF = 'One value or several, any of which will do.';

/** An attribute as upstream compares it: text, or a number or boolean written as text; null where there is nothing. */
export const toComparedText = (wire: unknown): string | null =>
  typeof wire === 'string' || typeof wire === 'number' || typeof wire === 'boolean' ? String(wire) : null;

/** One value can be asked for upstream; several only here. */
const onlyOne = (values: readonly string[]): EncodedValue | null => {
  const [only] = values;
  return only === undefined || values.some((value) => value !== only) ? null : { value: only, isWhole: true };
};

interface Equality {
  readonly input: InputName | Enumeration;
  readonly expected: string;
  readonly accepts: (value: string) => boolean;
  /** Upstream's spelling. */
  readonly toWire: (value: string) => string;
}

const askEquality = ({ input, expected, accepts, toWire }: Equality): Ask<string> => ({
  input,
  list: true,
  note: ANY_OF,
  expected,
  accepts,
  encode: (values) => onlyOne(values.map(toWire)),
  test: (values, wire) => {
    const wanted = new Set<string | null>(values.map(toWire));
    return (image) => wanted.has(toComparedText(image[wire]));
  },
});

/** Equality with text, exactly as it is spelled. */
export const askText = (expected: string, accepts: (value: string) => boolean, input: InputName = 'String') =>
  askEquality({ input, expected, accepts, toWire: (value) => value });

/** Equality with values of an enumeration. */
export const askEnumeration = (values: Enumeration): Ask<string> =>
  askEquality({
    input: values,
    expected: `one of ${Object.keys(values.values).join(', ')}`,
    accepts: (name) => Object.hasOwn(values.values, name),
    toWire: (name) => nameToWire(values, name),
  });

const isYes = (wire: unknown): boolean => wire === true || wire === 'true' || wire === 'True';

/** A flag's value; `reads` says when an attribute means yes. */
const askFlag = (reads: (wire: unknown) => boolean, encode: Ask<boolean>['encode']): Ask<boolean> => ({
  input: 'Boolean',
  list: false,
  note: '',
  expected: 'true or false',
  accepts: () => true,
  encode,
  test:
    ([value], wire) =>
    (image) =>
      reads(image[wire]) === value,
});

/** Values of an enumeration that upstream takes one of, and that only it can compare. */
export const askSole = (values: Enumeration): Ask<string> => ({ ...askEnumeration(values), note: '' });

/** The architecture, by the flag of Arm. */
export const askArchitecture: Ask<string> = {
  ...askEnumeration(Architecture),
  test: (names, wire) => (image) => names.includes(isYes(image[wire]) ? 'ARM' : 'X86'),
};

/** Whether one of these attributes is there. */
export const askAnyOf = (wires: readonly string[]): Ask<boolean> => ({
  ...askFlag(
    () => false,
    () => null,
  ),
  test:
    ([value]) =>
    (image) =>
      wires.some((wire) => (toComparedText(image[wire]) ?? '') !== '') === value,
});

/** Equality with one whole number. */
export const askInteger = (least: number, most: number): Ask<number> => ({
  input: 'Int',
  list: false,
  note: '',
  expected: `a whole number from ${least} to ${most}`,
  accepts: (value) => value >= least && value <= most,
  encode: ([value]) => ({ value: String(value), isWhole: true }),
  test:
    ([value], wire) =>
    (image) =>
      toComparedText(image[wire]) === String(value),
});

/** A boolean that upstream can be asked for either way; absent is false. */
export const askBoolean: Ask<boolean> = askFlag(isYes, ([value]) => ({ value: String(value), isWhole: true }));

/** A flag that upstream can be asked for only where it is there. */
export const askSupport: Ask<boolean> = askFlag(isYes, ([value]) =>
  value === true ? { value: 'true', isWhole: true } : null,
);

/** A flag that says "not". */
export const askInverted: Ask<boolean> = askFlag(
  (wire) => !isYes(wire),
  () => null,
);

/** Whether an attribute that is a list of words holds any of the values, or all of them. */
export const askWords = (quantifier: 'any' | 'all', toWords: (wire: unknown) => readonly string[]): Ask<string> => ({
  input: 'String',
  list: true,
  note: quantifier === 'any' ? ANY_OF : 'All of them.',
  expected: '1 to 255 characters',
  accepts: (value) => value !== '' && value.length <= 255,
  encode: () => null,
  test: (values, wire) => (image) => {
    const words = toWords(image[wire]);
    return quantifier === 'any'
      ? values.some((value) => words.includes(value))
      : values.every((value) => words.includes(value));
  },
});
