import { readOrNull } from './field.ts';
import { imageFields, osFields, requirementFields, storageFields } from './fields.ts';
import { isSortField, type Order, type SortDirection, type SortField, sortKeys } from './order.ts';
import type { WireImage } from './source.ts';

/** The attributes that only the gateway can sort by, and what they are. */
export const ownSortFields = {
  UPDATED_AT: imageFields.updatedAt.wire,
  MIN_DISK: requirementFields.minDiskGiB.wire,
  MIN_RAM: requirementFields.minRamMiB.wire,
  SIZE_BYTES: storageFields.sizeBytes.wire,
  OS_VERSION: osFields.version.wire,
  PLATFORM: osFields.platform.wire,
} as const;

export type SortingField = SortField | keyof typeof ownSortFields;

export interface SortingKey {
  readonly field: SortingField;
  readonly direction: SortDirection;
}

/** A total order of images: by each key in turn, then by creation time and id in the direction of the last key. */
export type Sorting = readonly [SortingKey, ...SortingKey[]];

/** Most keys of one sorting. */
export const MAX_SORTING_KEYS = 5;

type SortValue = string | number;

/** Where an image stands under a sorting: the value of each key, then the two tie-breaks. */
export interface Place {
  readonly values: readonly SortValue[];
  readonly createdAt: string;
  readonly id: string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const wireText = (wire: string) => (image: WireImage) => textOf(image[wire]);

const numbers: { readonly [Field in SortingField]?: (image: WireImage) => number } = {
  SIZE: (image) => (typeof image['size'] === 'number' ? image['size'] : 0),
  MIN_DISK: (image) => readOrNull(requirementFields.minDiskGiB, image) ?? 0,
  MIN_RAM: (image) => readOrNull(requirementFields.minRamMiB, image) ?? 0,
  SIZE_BYTES: (image) => readOrNull(storageFields.sizeBytes, image) ?? 0,
};

const valueOf = (field: SortingField): ((image: WireImage) => SortValue) =>
  numbers[field] ?? wireText(isSortField(field) ? sortKeys[field] : ownSortFields[toOwn(field)]);

const isOwn = (field: unknown): field is keyof typeof ownSortFields =>
  typeof field === 'string' && Object.hasOwn(ownSortFields, field);

function toOwn(field: SortingField): keyof typeof ownSortFields {
  if (!isOwn(field)) throw new TypeError(`${field} is no field of the gateway's own`);
  return field;
}

/** Whether a value is a field to sort by. */
export const isSortingField = (value: unknown): value is SortingField => isSortField(value) || isOwn(value);

/** Whether the values of a field are numbers. */
export const isNumeric = (field: SortingField): boolean => numbers[field] !== undefined;

/** The image's place; an absent, null or malformed value counts as the least (empty text, 0), as in Glance. */
export function toPlacing(sorting: Sorting): (image: WireImage) => Place {
  const values = sorting.map(({ field }) => valueOf(field));
  const createdAt = wireText(sortKeys.CREATED_AT);
  return (image) => ({ values: values.map((value) => value(image)), createdAt: createdAt(image), id: image.id });
}

const compareValues = (a: SortValue, b: SortValue): number => (a === b ? 0 : a < b ? -1 : 1);

/** Text taken apart into numbers and what is between them, to be compared as people do. */
export type NaturalText = readonly string[];

/** Takes text apart; upper case counts like lower case, and zeros in front of a number do not. */
export const toNatural = (text: string): NaturalText =>
  (text.toLowerCase().match(/\d+|\D+/g) ?? []).map((chunk) => chunk.replace(/^0+(?=\d)/, ''));

const startsWithDigit = (text: string): boolean => /^\d/.test(text);

/** Compares text as people do: numbers in it by their value, so that 9 comes before 10, and upper case like lower case. */
export function compareNatural(left: NaturalText, right: NaturalText): number {
  for (const [i, one] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (one === other) continue;
    const areNumbers = startsWithDigit(one) && startsWithDigit(other);
    return areNumbers && one.length !== other.length ? one.length - other.length : compareValues(one, other);
  }
  return left.length - right.length;
}

const isNatural = (field: SortingField): boolean => field === 'OS_VERSION';

/** Compares places in the direction of the sorting: negative when `a` comes first. */
export function toComparison(sorting: Sorting): (a: Place, b: Place) => number {
  const keys = sorting.map(({ field, direction }) => ({
    natural: isNatural(field),
    sign: direction === 'ASC' ? 1 : -1,
  }));
  const last = keys.at(-1)?.sign ?? 1;
  // Many images share a few versions.
  const known = new Map<SortValue, NaturalText>();
  const naturalOf = (value: SortValue): NaturalText => {
    const text = known.get(value) ?? toNatural(String(value));
    known.set(value, text);
    return text;
  };
  return (a, b) => {
    for (const [i, { natural, sign }] of keys.entries()) {
      const [left, right] = [a.values[i] ?? '', b.values[i] ?? ''];
      const difference = natural ? compareNatural(naturalOf(left), naturalOf(right)) : compareValues(left, right);
      if (difference !== 0) return sign * difference;
    }
    return last * (compareValues(a.createdAt, b.createdAt) || compareValues(a.id, b.id));
  };
}

const turn = ({ field, direction }: SortingKey): SortingKey => ({
  field,
  direction: direction === 'ASC' ? 'DESC' : 'ASC',
});

/** The same sorting read from its other end. */
export const reverseSorting = ([first, ...others]: Sorting): Sorting => [turn(first), ...others.map(turn)];

/** The sorting without keys that decide nothing, neither by themselves nor, as the last ones, the direction of the tie-breaks. */
export function simplifySorting(sorting: Sorting): Sorting {
  const [first, ...others] = sorting;
  if (others.length === 0) return sorting;
  const kept = [first];
  for (const key of others) {
    // Nothing is equal by id.
    if (kept.some(({ field }) => field === 'ID')) break;
    if (!kept.some(({ field }) => field === key.field)) kept.push(key);
  }
  const last = sorting.at(-1);
  const end = kept.at(-1);
  if (last !== undefined && end?.field !== 'ID' && end?.direction !== last.direction) kept.push(last);
  for (const tieBreak of ['ID', 'CREATED_AT']) {
    const [before, key] = kept.slice(-2);
    if (key?.field === tieBreak && before?.direction === key.direction && isTieBroken(tieBreak, kept)) kept.pop();
  }
  const [head = first, ...tail] = kept;
  return [head, ...tail];
}

/** Whether the keys are followed by what the tie-breaks would do anyway; that of the id comes behind the creation time. */
const isTieBroken = (field: string, keys: readonly SortingKey[]): boolean =>
  keys.length > 1 && (field === 'CREATED_AT' || keys.at(-2)?.field === 'CREATED_AT');

/** The order that upstream is asked for; null where it has none like it. */
export function sortingToOrder([{ field, direction }, ...others]: Sorting): Order | null {
  return others.length === 0 && isSortField(field) ? { field, direction } : null;
}
