import { type Enumeration, wiresOf } from '../image/enums.ts';
import type { WireImage } from '../image/source.ts';
import { type RefusalCode, refusedParameter } from './errors.ts';

/** Whether an image satisfies one condition. */
export type ImageTest = (image: WireImage) => boolean;

/** What a parameter asks of an image. Throws a `RefusedError` for a value that the parameter does not take. */
export type Criterion = (value: string, name: string) => ImageTest;

const toText = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;

/** The attribute of the parameter's name, written as text, is exactly the value. Absent and null equal nothing. */
export const equals: Criterion = (value, name) => (image) => toText(image[name]) === value;

/** Equality with one of the spellings that the manual lists. */
export function oneOf(allowed: readonly string[], code?: RefusalCode): Criterion {
  return (value, name) => {
    if (!allowed.includes(value)) throw refusedParameter(name, `one of ${allowed.join(', ')}`, value, code);
    return equals(value, name);
  };
}

/** Equality with a value of an enumeration. */
export const memberOf = (enumeration: Enumeration, code?: RefusalCode): Criterion => oneOf(wiresOf(enumeration), code);

/** Equality of integers. */
export const integer =
  (code: RefusalCode): Criterion =>
  (value, name) => {
    if (!/^\d{1,15}$/.test(value)) throw refusedParameter(name, 'a non-negative integer', value, code);
    return (image) => image[name] === Number(value);
  };

/** Equality of booleans, which attributes hold as such or as text; an absent attribute is false. */
export const flag: Criterion = (value, name) => {
  if (!/^(true|false|True|False)$/.test(value)) throw refusedParameter(name, 'true or false', value);
  const wanted = value.toLowerCase() === 'true';
  return (image) => (toText(image[name])?.toLowerCase() === 'true') === wanted;
};
