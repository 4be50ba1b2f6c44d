import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toByteJson, toByteText } from '../../src/server/byte-text.ts';

const toBytes = (text: string): string => Buffer.from(text).toString('latin1');

describe('texts whose characters are bytes', () => {
  it('are the UTF-8 of a text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(toByteText(text)).toBe(toBytes(text));
      }),
    );
  });

  it('are what JSON.stringify makes of a value', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '\u007F', '\u2028', '\uD800'),
    );
    const numbers = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constantFrom(-0, 2 ** 53, 1e21));
    const values = fc.oneof(texts, numbers, fc.boolean(), fc.jsonValue());
    fc.assert(
      fc.property(values, (value) => {
        expect(toByteJson(value)).toBe(toBytes(JSON.stringify(value)));
      }),
      { numRuns: 1000 },
    );
  });
});
