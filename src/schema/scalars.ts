import { valueFromASTUntyped } from 'graphql';
import { show } from '../image/show.ts';
import { isDay, isPlainTime } from '../image/time.ts';
import { builder } from './builder.ts';

/** Hours to 23 and fractions to milliseconds: what `Date` keeps. */
const rfc3339 = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;

function parseDateTime(value: unknown): Date {
  if (isPlainTime(value)) return new Date(value);
  const day = typeof value === 'string' ? rfc3339.exec(value)?.[1] : undefined;
  const date = new Date(String(value));
  const isTime = day !== undefined && isDay(day) && !Number.isNaN(date.getTime());
  // A zone can push a time out of the years that have four digits.
  if (!isTime || !/^\d{4}-/.test(date.toISOString())) {
    throw new TypeError(
      `DateTime: expected a time with its zone, such as "2018-10-28T10:00:00Z", but received ${show(value)}.`,
    );
  }
  return date;
}

builder.scalarType('DateTime', {
  description: 'A point in time as RFC 3339 writes it, such as `2018-10-28T10:00:00Z`. Answers are in UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (time) => time,
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(valueFromASTUntyped(node)),
});

function parseBigInt(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
    throw new TypeError(`BigInt: expected a whole number up to 2^53 − 1, but received ${show(value)}.`);
  }
  return number;
}

builder.scalarType('BigInt', {
  description: 'A whole number that may need more than 32 bits; a JSON number, exact up to 2^53 − 1.',
  serialize: (number) => number,
  parseValue: parseBigInt,
  parseLiteral: (node) => parseBigInt(valueFromASTUntyped(node)),
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
});
