import { type Ask, type InputName, MalformedValue } from './field.ts';

/** The comparisons of ranges: GraphQL's name and meaning. */
export const rangeOperators = [
  ['gt', 'More than.', (value: number, bound: number) => value > bound],
  ['gte', 'This or more.', (value: number, bound: number) => value >= bound],
  ['lt', 'Less than.', (value: number, bound: number) => value < bound],
  ['lte', 'This or less.', (value: number, bound: number) => value <= bound],
] as const;

/** A range of numbers; all bounds that are given must hold. */
export type NumberRange = { readonly [Operator in (typeof rangeOperators)[number][0]]?: number | null };

const boundsOf = (range: NumberRange) =>
  rangeOperators.flatMap(([name, , holds]) => {
    const bound = range[name];
    return bound == null ? [] : [{ bound, holds }];
  });

/** The number, or null for an attribute that is absent or malformed. */
function toNumberOrNull(decode: (wire: unknown) => number, wire: unknown): number | null {
  if (wire === undefined || wire === null || wire === '') return null;
  try {
    return decode(wire);
  } catch (error) {
    if (error instanceof MalformedValue) return null;
    throw error;
  }
}

/** A range of a number attribute. One that is absent or malformed lies in no range. */
export const askRange = (input: InputName, decode: (wire: unknown) => number): Ask<NumberRange> => ({
  input,
  list: false,
  note: 'Within a range.',
  expected: `at least one of ${rangeOperators.map(([name]) => name).join(', ')}`,
  accepts: (range) => boundsOf(range).length > 0,
  encode: () => null,
  test: ([range = {}], wire) => {
    const bounds = boundsOf(range);
    return (image) => {
      const value = toNumberOrNull(decode, image[wire]);
      return value !== null && bounds.every(({ bound, holds }) => holds(value, bound));
    };
  },
});

/** A server or disk that an image should fit. */
export interface Fit {
  readonly diskGiB?: number | null;
  readonly ramMiB?: number | null;
}

/** Whether a number of an attribute meets a bound; absent, 0 and malformed mean that the image sets none. */
const meets = (bound: number | null, holds: (bound: number) => boolean): boolean =>
  bound === null || bound === 0 || holds(bound);

/** What a disk of so many GiB and a memory of so many MiB would run; names the three attributes that decide. */
export const askFit = (
  { minDisk, minRam, maxRam }: { readonly minDisk: string; readonly minRam: string; readonly maxRam: string },
  decode: (wire: unknown) => number,
): Ask<Fit> => ({
  input: 'ImageFitInput',
  list: false,
  note: '',
  expected: 'diskGiB or ramMiB, each at least 1',
  accepts: ({ diskGiB, ramMiB }) => (diskGiB ?? ramMiB) != null && (diskGiB ?? 1) >= 1 && (ramMiB ?? 1) >= 1,
  encode: () => null,
  test:
    ([{ diskGiB, ramMiB } = {}]) =>
    (image) => {
      const boundOf = (wire: string) => toNumberOrNull(decode, image[wire]);
      return (
        (diskGiB == null || meets(boundOf(minDisk), (least) => least <= diskGiB)) &&
        (ramMiB == null ||
          (meets(boundOf(minRam), (least) => least <= ramMiB) && meets(boundOf(maxRam), (most) => ramMiB <= most)))
      );
    },
});
