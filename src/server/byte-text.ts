const ascii = /^[ -~]*$/;

/**
 * A text as UTF-8, each byte as a character. What is put together of such texts is encoded already: its length is that of its
 * bytes, and it is written as `latin1`, together with the head.
 */
export const toByteText = (text: string): string => (ascii.test(text) ? text : Buffer.from(text).toString('latin1'));

/** ASCII without quotes and backslashes: as JSON it is the same between quotes. */
const plain = /^[ !#-[\]-~]*$/;

/** A value as such a text of JSON: what `JSON.stringify` makes of it, which takes longer for what needs no escapes. */
export function toByteJson(value: unknown): string {
  if (typeof value === 'string' && plain.test(value)) return `"${value}"`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return toByteText(JSON.stringify(value));
}
