import type { Enumeration } from './enums.ts';
import { show } from './show.ts';

/** One attribute of an image: what upstream calls it, what GraphQL shows, and whether it can be searched by. */
export interface Field<T = unknown, V = unknown> {
  /** The response attribute. */
  readonly wire: string;
  readonly kind: Kind<T, V>;
  /** A sentence for the frontend engineer who reads the schema. */
  readonly description: string;
  /** The query parameter that searches by this attribute; null where the manual has none. */
  readonly parameter: string | null;
  /** What the description of the criterion says beyond the attribute's own. */
  readonly searchNote: string;
}

/** A search criterion: a query parameter and the values it takes. */
export interface Criterion<V = unknown> {
  readonly parameter: string;
  readonly ask: Ask<V>;
  readonly description: string;
}

/** What values of one sort are: how they look in GraphQL, how upstream's spelling is read, and how one is asked for. */
export interface Kind<T, V = T> {
  /** A GraphQL type, or an enumeration, which is shown together with the raw text. */
  readonly output: OutputName | Enumeration;
  /** Whether GraphQL shows a list of `output`. */
  readonly list: boolean;
  /** What to show where the attribute is absent, null or blank. */
  readonly whenAbsent: T | null;
  /** Reads a value that is there. Throws `MalformedValue`, which costs this one field. */
  decode(wire: unknown): T;
  /** How a value is asked for; null for a kind that upstream cannot be asked for. */
  readonly ask: Ask<V> | null;
}

/** How a GraphQL input value becomes the value of an upstream parameter. */
export interface Ask<V> {
  readonly input: InputName | Enumeration;
  /** A list from the start, where more than one value makes sense. Upstream itself takes one. */
  readonly list: boolean;
  /** Completes the sentence "expected …" when `accepts` says no. */
  readonly expected: string;
  accepts(value: V): boolean;
  encode(value: V): string;
}

export type ScalarName = 'String' | 'ID' | 'Int' | 'Boolean' | 'BigInt' | 'DateTime';
export type OutputName = ScalarName | 'ImageTag' | 'ImageOsFeatures' | 'ImageDataOrigin';
export type InputName = ScalarName | 'ImageTagInput' | 'DateTimeFilter';

/** An attribute holds what its kind cannot be. */
export class MalformedValue extends Error {
  override readonly name = 'MalformedValue';

  constructor(expected: string, received: unknown) {
    super(`expected ${expected}, but upstream sent ${show(received)}`);
  }
}

/** An attribute that is shown and cannot be searched by. */
export const shown = <T, V>(wire: string, kind: Kind<T, V>, description: string): Field<T, V> => ({
  wire,
  kind,
  description,
  parameter: null,
  searchNote: '',
});

/** An attribute that is shown and is a search criterion of the manual too; `search` says what only the criterion needs. */
export const filterable = <T, V>(
  wire: string,
  kind: Kind<T, V>,
  description: string,
  search: { readonly parameter?: string; readonly note?: string } = {},
): Field<T, V> => ({ wire, kind, description, parameter: search.parameter ?? wire, searchNote: search.note ?? '' });

/** A search criterion that no attribute answers to. */
export const searchOnly = <V>(parameter: string, kind: Kind<unknown, V>, description: string): Criterion<V> => ({
  parameter,
  ask: askOf(kind, parameter),
  description,
});

/** The criterion of a filterable field, else null. */
export const criterionOf = <V>({ parameter, kind, description, searchNote }: Field<unknown, V>): Criterion<V> | null =>
  parameter === null
    ? null
    : { parameter, ask: askOf(kind, parameter), description: `${description} ${searchNote}`.trim() };

function askOf<V>(kind: Kind<unknown, V>, parameter: string): Ask<V> {
  if (kind.ask === null) throw new TypeError(`${parameter} is of a kind that cannot be asked for`);
  return kind.ask;
}

const isAbsent = (wire: unknown): boolean => wire === undefined || wire === null || wire === '';

/** The attribute's value in GraphQL's terms. Throws `MalformedValue`. */
export function read<T>(field: Field<T, never>, image: Readonly<Record<string, unknown>>): T | null {
  const wire = image[field.wire];
  return isAbsent(wire) ? field.kind.whenAbsent : field.kind.decode(wire);
}
