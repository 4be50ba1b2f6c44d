import { InputError } from '../image/errors.ts';
import { parseJson } from '../image/json.ts';
import { isPlainText } from '../image/plain-text.ts';
import { show } from '../image/show.ts';
import { isNumeric, isSortingField, type Place, type Sorting, type SortingKey } from '../image/sorting.ts';

/** An image's place in the list of one sorting. */
export interface Cursor {
  readonly sorting: Sorting;
  readonly place: Place;
  /** The list window that the image was found in, where one was read. */
  readonly window: WindowStart | null;
}

/** Where a list window of a sorting begins, so that the same one can be read again. */
export interface WindowStart {
  /** Whether it belongs to the reversed sorting. */
  readonly backward: boolean;
  /** The window's marker; null for the first window. */
  readonly marker: string | null;
}

/** Cursors of one key and no window, as they always were, and those that carry more. */
const versions = { simple: 1, full: 2 } as const;

/** The cursor as text: opaque to clients, and valid only under the sorting that it was made for. */
export function cursorToText({ sorting, place: { values, createdAt, id }, window }: Cursor): string {
  const [first, ...others] = sorting;
  if (window === null && others.length === 0) {
    return partsToText([versions.simple, first.field, first.direction, ...values, createdAt, id]);
  }
  const keys = sorting.flatMap(({ field, direction }) => [field, direction]);
  const at = window === null ? [] : [window.backward, window.marker];
  return partsToText([versions.full, keys, values, createdAt, id, ...at]);
}

const partsToText = (parts: readonly unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** Reads a cursor of this sorting. Throws an `InputError` for any other text, naming `argument`. */
export function textToCursor(text: string, argument: string, sorting: Sorting): Cursor {
  const cursor = decode(text);
  if (cursor === null) {
    throw new InputError(argument, 'a cursor that this connection gave out', show(text));
  }
  if (!isSameSorting(cursor.sorting, sorting)) {
    throw new InputError(
      argument,
      `a cursor of the order ${showSorting(sorting)}`,
      `one of ${showSorting(cursor.sorting)}; start without a cursor when the order changes`,
    );
  }
  return cursor;
}

const isSameSorting = (one: Sorting, other: Sorting): boolean =>
  one.length === other.length &&
  one.every(({ field, direction }, i) => field === other[i]?.field && direction === other[i]?.direction);

const showSorting = (sorting: Sorting): string =>
  sorting.map(({ field, direction }) => `${field} ${direction}`).join(', ');

function decode(text: string): Cursor | null {
  const bytes = Buffer.from(text, 'base64url');
  const parts = bytes.toString('base64url') === text ? parseJson(bytes.toString()) : null;
  if (!Array.isArray(parts)) return null;
  const [version, ...rest]: unknown[] = parts;
  if (version === versions.simple && rest.length === 5) {
    const [field, direction, value, createdAt, id] = rest;
    return toCursor([field, direction], [value], createdAt, id, null);
  }
  if (version === versions.full && (rest.length === 4 || rest.length === 6)) {
    const [keys, values, createdAt, id, backward, marker] = rest;
    if (rest.length === 4) return toCursor(keys, values, createdAt, id, null);
    if (typeof backward !== 'boolean' || !isMarker(marker)) return null;
    return toCursor(keys, values, createdAt, id, { backward, marker });
  }
  return null;
}

const isMarker = (marker: unknown): marker is string | null =>
  marker === null || (typeof marker === 'string' && isPlainText(marker));

function toCursor(keys: unknown, values: unknown, createdAt: unknown, id: unknown, window: WindowStart | null) {
  if (!Array.isArray(keys) || !Array.isArray(values) || keys.length !== 2 * values.length) return null;
  if (typeof createdAt !== 'string' || typeof id !== 'string' || !isPlainText(id)) return null;
  const sorting = values.map((_, i) => toKey(keys[2 * i], keys[2 * i + 1])).filter((key) => key !== null);
  const [first, ...others] = sorting;
  const fit = values.every((value: unknown, i) => {
    const key = sorting[i];
    return key !== undefined && typeof value === (isNumeric(key.field) ? 'number' : 'string');
  });
  return first === undefined || !fit
    ? null
    : { sorting: [first, ...others] as const, place: { values, createdAt, id }, window };
}

const toKey = (field: unknown, direction: unknown): SortingKey | null =>
  isSortingField(field) && (direction === 'ASC' || direction === 'DESC') ? { field, direction } : null;
