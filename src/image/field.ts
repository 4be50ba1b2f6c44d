import type { Enumeration } from './enums.ts';
import { show } from './show.ts';
import type { WireImage } from './source.ts';

/** One attribute of an image: what upstream calls it, what GraphQL shows, and whether it can be searched by. */
export interface Field<T = unknown, V = unknown> {
  /** The response attribute. */
  readonly wire: string;
  readonly kind: Kind<T, V>;
  /** A sentence for the frontend engineer who reads the schema. */
  readonly description: string;
  /** Who finds images by it: `upstream` by this query parameter, `here` by looking at each answer, or nobody. */
  readonly search: { readonly by: 'upstream'; readonly parameter: string } | { readonly by: 'here' | 'nobody' };
  /** What the description of the criterion says beyond the attribute's own. */
  readonly searchNote: string;
}

/** Whether an image satisfies a condition. */
export type ImageTest = (image: WireImage) => boolean;

/** A search criterion: an input field of a filter, and what its values ask of an image. */
export interface Criterion<V = unknown> {
  /** The query parameter that asks upstream; null where only the answer tells. */
  readonly parameter: string | null;
  /** The attribute that decides it here; null where only upstream can tell. */
  readonly wire: string | null;
  readonly ask: Ask<V>;
  readonly description: string;
}

/** What values of one sort are: how they look in GraphQL, how upstream's spelling is read, and how they are searched by. */
export interface Kind<T, V = T> {
  /** A GraphQL type, or an enumeration, which is shown together with the raw text. */
  readonly output: OutputName | Enumeration;
  /** Whether GraphQL shows a list of `output`. */
  readonly list: boolean;
  /** What to show where the attribute is absent, null or blank. */
  readonly whenAbsent: T | null;
  /** Reads a value that is there. Throws `MalformedValue`, which costs this one field. */
  decode(wire: unknown): T;
  /** The criterion of the attribute's own name; null for a kind that cannot be searched by. */
  readonly ask: Ask<V> | null;
  /** More criteria, by what their names end in: `Matches`, `Range`, `All`. */
  readonly more?: Readonly<Record<string, Ask>>;
}

/** What a criterion's values mean: to upstream as a parameter, and here as a test. */
export interface Ask<V = unknown> {
  readonly input: InputName | Enumeration;
  /** Whether GraphQL takes a list. */
  readonly list: boolean;
  /** A sentence about what several values mean, or what the input type is for; may be empty. */
  readonly note: string;
  /** Completes the sentence "expected …" when `accepts` says no to one of the values. */
  readonly expected: string;
  accepts(value: V): boolean;
  /** The parameter's value; null where upstream cannot be asked. */
  encode(values: readonly V[]): EncodedValue | null;
  /** The test of an image by its attribute `wire`. */
  test(values: readonly V[], wire: string): ImageTest;
}

/** What upstream can be asked for. */
export interface EncodedValue {
  readonly value: string;
  /** Whether upstream finds exactly what is asked for; otherwise it finds more, and the test decides. */
  readonly isWhole: boolean;
}

export type ScalarName = 'String' | 'ID' | 'Int' | 'Boolean' | 'BigInt' | 'DateTime';
export type OutputName = ScalarName | 'ImageTag' | 'ImageOsFeatures' | 'ImageDataOrigin';
export type InputName =
  | ScalarName
  | 'ImageTagInput'
  | 'ImageDateTimeFilter'
  | 'ImageTextFilter'
  | 'ImageIntRange'
  | 'ImageBigIntRange'
  | 'ImageOsFeaturesFilter'
  | 'ImageFitInput';

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
  search: { by: 'nobody' },
  searchNote: '',
});

/** An attribute that is shown, and that images are searched by here, as the manual has no parameter for it. */
export const searchable = <T, V>(wire: string, kind: Kind<T, V>, description: string, note = ''): Field<T, V> => ({
  wire,
  kind,
  description,
  search: { by: 'here' },
  searchNote: note,
});

/** An attribute that is shown and is a search criterion of the manual too; `search` says what only the criterion needs. */
export const filterable = <T, V>(
  wire: string,
  kind: Kind<T, V>,
  description: string,
  { parameter = wire, note = '' }: { readonly parameter?: string; readonly note?: string } = {},
): Field<T, V> => ({ wire, kind, description, search: { by: 'upstream', parameter }, searchNote: note });

/** A search criterion beside the attributes; `wire` is null for one that only upstream can decide. */
export const searchOnly = <V>(criterion: Criterion<V>): Criterion<V> => criterion;

/** The criteria of a field, by GraphQL name. */
export function criteriaOf(name: string, field: Field): (readonly [name: string, criterion: Criterion])[] {
  const { search, wire, kind, description, searchNote } = field;
  if (search.by === 'nobody') return [];
  const parameter = search.by === 'upstream' ? search.parameter : null;
  const asks = Object.entries({ ...(kind.ask === null ? {} : { '': kind.ask }), ...kind.more });
  if (asks.length === 0) throw new TypeError(`${wire} is of a kind that cannot be searched by`);
  return asks.map(([suffix, ask]) => {
    const note = suffix === '' ? searchNote : '';
    return [`${name}${suffix}`, { parameter, wire, ask, description: [description, note].join(' ').trim() }] as const;
  });
}

const isAbsent = (wire: unknown): boolean => wire === undefined || wire === null || wire === '';

/** The attribute's value in GraphQL's terms. Throws `MalformedValue`. */
export function read<T>(field: Field<T, never>, image: Readonly<Record<string, unknown>>): T | null {
  const wire = image[field.wire];
  return isAbsent(wire) ? field.kind.whenAbsent : field.kind.decode(wire);
}

/** The attribute's value in GraphQL's terms; null also for a malformed one. */
export function readOrNull<T>(field: Field<T, never>, image: Readonly<Record<string, unknown>>): T | null {
  try {
    return read(field, image);
  } catch (error) {
    if (error instanceof MalformedValue) return null;
    throw error;
  }
}
