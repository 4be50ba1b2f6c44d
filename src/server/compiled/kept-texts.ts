import { getNamedType, type GraphQLField, type GraphQLObjectType, isLeafType } from 'graphql';
import { groups } from '../../image/groups.ts';
import type { Write } from './execution.ts';

/** On an image: its fields as JSON, by their numbers. They go with the image. */
const TEXTS = Symbol('texts');

/** Whether a value can hold texts. */
const isHolder = (value: unknown): value is { [TEXTS]?: string[] } => typeof value === 'object' && value !== null;

/** Types whose objects are images. */
const imageTypes: ReadonlySet<string> = new Set(groups.map(({ type }) => type));

/** The numbers of fields, in the order in which they were first asked for: so the lists of texts are short. No more than the schema has. */
const numbers = new Map<string, number>();

/** Longest text that is kept: not whole images. */
const MAX_LENGTH = 200;

/** Whether a field is a value that an image alone decides. */
export const isOfImageAlone = (type: GraphQLObjectType, { type: of, resolve, args }: GraphQLField<unknown, unknown>) =>
  imageTypes.has(type.name) && isLeafType(getNamedType(of)) && resolve?.length === 1 && args.length === 0;

/**
 * Writes such a field as `write` does, and keeps the text with the image: in requests that are answered from pages which
 * were asked for before, as those are asked for again.
 */
export function keepText(field: string, write: Write): Write {
  const number = numbers.get(field) ?? numbers.size;
  numbers.set(field, number);
  return (image, execution, path) => {
    // Of a page that has just been fetched nothing is kept, and nothing found.
    if (execution.context.usage.requests > 0 || !isHolder(image)) return write(image, execution, path);
    const known = image[TEXTS]?.[number];
    if (known !== undefined) return known;
    const text = write(image, execution, path);
    if (typeof text === 'string' && text.length <= MAX_LENGTH) (image[TEXTS] ??= [])[number] = text;
    return text;
  };
}
