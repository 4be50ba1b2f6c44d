import fc from 'fast-check';
import { GraphQLScalarType } from 'graphql';
import { expect, test } from 'vitest';
import { MalformedValue } from '../../src/image/field.ts';
import { isPlainTime, readTime, toInstant } from '../../src/image/time.ts';
import { subgraphSchema } from '../../src/schema/index.ts';

const dateTime = subgraphSchema.getType('DateTime');

const pad = (n: number, digits = 2) => String(n).padStart(digits, '0');

const padded = (most: number, digits = 2) =>
  fc.oneof({ weight: 9, arbitrary: fc.nat(most) }, fc.nat(10 ** digits - 1)).map((n) => pad(n, digits));

const spelled = fc
  .tuple(
    fc.tuple(padded(9999, 4), padded(12), padded(31)).map((parts) => parts.join('-')),
    fc.constantFrom('T', 'T', 'T', ' ', 't', ''),
    fc.tuple(padded(24), padded(59), padded(60)).map((parts) => parts.join(':')),
    fc.constantFrom('', '', '', '.0', '.5', '.000', '.123456'),
    fc.constantFrom('Z', 'Z', 'Z', '', 'z', '+08:00', '-0130', '+00:00'),
  )
  .map((parts) => parts.join(''));

/** Texts that are times or nearly so: up to two characters of one are left out or changed. */
const texts = fc
  .tuple(
    spelled,
    fc.array(fc.tuple(fc.nat(24), fc.constantFrom('', '0', '9', '-', ':', 'T', 'Z', '.', ' ', '\n', '٣'))),
  )
  .map(([text, changes]) =>
    changes.slice(0, 2).reduce((all, [at, by]) => all.slice(0, at) + by + all.slice(at + 1), text),
  );

/** What a text means by way of a `Date`, whatever its spelling. */
function readByDate(text: string): string | null {
  const instant = toInstant(text);
  return instant === null ? null : new Date(instant).toISOString().replace('.000Z', 'Z');
}

function readOrNull(text: string): string | null {
  try {
    return readTime(text);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedValue);
    return null;
  }
}

test('a time is shown as `Date` would have it, whether or not one had to be made', () => {
  let plain = 0;
  const check = (text: string) => {
    if (isPlainTime(text)) plain += 1;
    expect(readOrNull(text)).toBe(readByDate(text));
  };
  fc.assert(fc.property(fc.oneof(spelled, texts), check), { numRuns: 20_000 });
  expect(plain).toBeGreaterThan(300);
});

test('of every day of the calendar only 29 February has to be worked out, and no other day is taken for one', () => {
  for (const year of ['0000', '0001', '1900', '2000', '2023', '2024', '9999']) {
    for (let month = 0; month <= 13; month += 1) {
      for (let day = 0; day <= 32; day += 1) {
        const text = `${year}-${pad(month)}-${pad(day)}T23:59:59Z`;
        const isDay = readByDate(text) === text;
        expect([text, isPlainTime(text)]).toEqual([text, isDay && !(month === 2 && day === 29)]);
      }
    }
  }
});

test('an argument that is spelled plainly is the time that it would be in another zone', () => {
  if (!(dateTime instanceof GraphQLScalarType)) throw new TypeError('expected a scalar');
  const check = (text: string) => {
    if (isPlainTime(text)) expect(dateTime.parseValue(text)).toEqual(dateTime.parseValue(text.replace('Z', '+00:00')));
  };
  fc.assert(fc.property(spelled, check), { numRuns: 5000 });
});
