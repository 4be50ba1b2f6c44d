import { Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { show } from '../image/show.ts';
import { builder } from './builder.ts';

const refuse = (type: string, expected: string, received: unknown): never => {
  throw new TypeError(`${type}: expected ${expected}, but received ${show(received)}.`);
};

const rfc3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const isDay = (day: string): boolean => {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};

function parseDateTime(value: unknown): Date {
  const day = typeof value === 'string' ? rfc3339.exec(value)?.[1] : undefined;
  const date = new Date(String(value));
  if (day === undefined || !isDay(day) || Number.isNaN(date.getTime())) {
    return refuse('DateTime', 'a time with its zone, such as "2018-10-28T10:00:00Z"', value);
  }
  return date;
}

function parseBigInt(value: unknown): number {
  return Number.isSafeInteger(value) ? Number(value) : refuse('BigInt', 'a whole number within ±(2^53 − 1)', value);
}

const literal =
  <T>(parse: (value: unknown) => T) =>
  (node: ValueNode): T => {
    const value = valueFromASTUntyped(node);
    return parse(node.kind === Kind.INT ? Number(value) : value);
  };

builder.scalarType('DateTime', {
  description: 'A point in time as RFC 3339 writes it, such as `2018-10-28T10:00:00Z`. Answers are in UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (date) => date.toISOString().replace('.000Z', 'Z'),
  parseValue: parseDateTime,
  parseLiteral: literal(parseDateTime),
});

builder.scalarType('BigInt', {
  description: 'A whole number that may need more than 32 bits; a JSON number, exact up to 2^53 − 1.',
  serialize: (number) => number,
  parseValue: parseBigInt,
  parseLiteral: literal(parseBigInt),
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
});
