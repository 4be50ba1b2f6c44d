import { getNamedType, type GraphQLField, type GraphQLObjectType, isLeafType } from 'graphql';
import { groups } from '../../image/groups.ts';

/** On an image: its fields as JSON, by their numbers; null on one that was written once. They go with the image. */
const TEXTS = Symbol('texts');

/** Whether a value can hold texts. */
const isHolder = (value: unknown): value is { [TEXTS]?: string[] | null } =>
  typeof value === 'object' && value !== null;

/** Types whose objects are images. */
const imageTypes: ReadonlySet<string> = new Set(groups.map(({ type }) => type));

/** The numbers of fields, in the order in which they were first asked for: so the lists of texts are short. No more than the schema has. */
const numbers = new Map<string, number>();

/** Longest text that is kept: not whole images. */
const MAX_LENGTH = 200;

/** The number of a field whose value an image alone decides, by which its text is kept; null for any other one. */
export function numberOf(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): number | null {
  const { name, resolve, args } = field;
  const isOfImageAlone = imageTypes.has(type.name) && resolve?.length === 1 && args.length === 0;
  if (!isOfImageAlone || !isLeafType(getNamedType(field.type))) return null;
  const key = `${type.name}.${name}`;
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  return number;
}

/**
 * The texts that are kept with an object of a type, to be read and added to, from the second time on that it is written;
 * null where none are: most images that are written once are never written again.
 */
export function toKeptTexts(type: GraphQLObjectType): (object: unknown) => string[] | null {
  if (!imageTypes.has(type.name)) return () => null;
  return (image) => {
    if (!isHolder(image)) return null;
    const kept = image[TEXTS];
    if (kept !== null && kept !== undefined) return kept;
    image[TEXTS] = kept === undefined ? null : [];
    return image[TEXTS];
  };
}

/** Keeps a text, unless it is long. */
export function keepText(texts: string[], number: number, text: string): void {
  if (text.length <= MAX_LENGTH) texts[number] = text;
}
