import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { readPlainDocument } from '../../src/server/direct/read-plain-document.ts';
import { limits } from '../../src/server/plugins/use-limits.ts';
import { many, validIn } from '../support/valid-documents.ts';

/** What the schema of images does not have. */
const other = buildSchema(`
  directive @twice repeatable on FIELD
  directive @onQuery on QUERY
  directive @onFragment on FRAGMENT_DEFINITION
  scalar Any
  scalar None
  input OneOf @oneOf { a: Int, b: Int }
  input Both { must: Int! = 3, lists: [[Int!]] }
  interface Being { size: Int }
  type Cat implements Being { size: Int, name: String!, sound(of: Both): String, toys: [Cat] }
  type Dog implements Being { size: Int, name: String, bones: [String], toys: [Dog] }
  union Pet = Cat | Dog
  type Query { again: Query, pet: Pet, being: Being, one(of: OneOf): Int, both(of: Both): Int, any(of: Any, n: Int! = 1): Int, none(of: None, items: [Int!] = [1]): Int }
`);
Object.assign(other.getType('None') ?? {}, { parseLiteral: () => undefined });
const isValidInOther = validIn(other);

const deep = (depth: number): string => `${'{ again '.repeat(depth - 1)}{ __typename ${'}'.repeat(depth)}`;
const spread = (count: number): string =>
  `{ ${many(count, (i) => `...F${i}`)} } ${many(count, (i) => `fragment F${i} on Query { again { a${i % limits.aliases}: any } }`)}`;
const chains = (count: number, length: number): string =>
  `{ ${many(count, (i) => `a${i}: again { ...F1 }`)} } ${many(length, (i) => `fragment F${i + 1} on Query { ${i + 1 < length ? `...F${i + 2}` : 'any'} }`)}`;

test.each([
  ['plain', 'at the greatest depth', deep(limits.depth)],
  ['invalid', 'below the greatest depth', deep(limits.depth + 1)],
  [
    'invalid',
    'below the greatest depth by fragments',
    `${deep(limits.depth - 1).replace('__typename', '... { ...F }')} fragment F on Query { again { again { any } } }`,
  ],
  ['plain', 'with a field of types that exclude each other', '{ pet { ... on Cat { size } ... on Dog { size } } }'],
  [
    'valid',
    'with fields of types that exclude each other',
    '{ pet { ... on Cat { a: sound } ... on Dog { a: name } } }',
  ],
  ['invalid', 'with a key that is null for one', '{ pet { ... on Cat { name } ... on Dog { name } } }'],
  ['invalid', 'with a key of two types', '{ pet { ... on Cat { a: size } ... on Dog { a: name } } }'],
  ['invalid', 'with a key that is a list for one', '{ pet { ... on Cat { a: sound } ... on Dog { a: bones } } }'],
  [
    'invalid',
    'with keys of two types further below',
    '{ pet { ... on Cat { toys { a: size } } ... on Dog { toys { a: name } } } }',
  ],
  ['plain', 'with a fragment on an interface in a union', '{ pet { ... on Being { size } } }'],
  ['valid', 'with one of several', '{ one(of: {a: 1}) }'],
  ['invalid', 'with two of one', '{ one(of: {a: 1, b: 1}) }'],
  ['invalid', 'with a variable for one of several', 'query ($a: Int) { one(of: {a: $a}) }'],
  ['plain', 'with a default for a required input field', '{ both(of: {}) }'],
  ['plain', 'with a variable that such a default stands in for', 'query ($m: Int) { both(of: {must: $m}) }'],
  ['invalid', 'with null for a required input field', '{ both(of: {must: null}) }'],
  ['plain', 'with one value for lists', '{ a: both(of: {lists: 1}) b: both(of: {lists: [1, [2], null]}) }'],
  ['invalid', 'with null in the inner one of two lists', '{ both(of: {lists: [[null]]}) }'],
  ['plain', 'with a variable for the inner one of two lists', 'query ($l: [Int!]) { both(of: {lists: [$l]}) }'],
  ['invalid', 'with an unfit variable for an item of two lists', 'query ($i: Int) { both(of: {lists: [[$i]]}) }'],
  ['plain', 'with a value of any kind', '{ any(of: 1) }'],
  ['valid', 'with an object of any kind', '{ any(of: {b: [1]}) }'],
  ['valid', 'with a variable in an object of any kind', 'query ($v: Int) { any(of: {b: $v}) }'],
  ['invalid', 'with an unknown variable in an object of any kind', '{ any(of: {b: $v}) }'],
  ['invalid', 'with a value of no kind', '{ none(of: 1) }'],
  ['invalid', 'with an unfit variable for an item where a list has a default', 'query ($i: Int) { none(items: [$i]) }'],
  ['plain', 'with a variable where an argument has a default', 'query ($n: Int = null) { any(n: $n) }'],
  ['plain', 'with directives on definitions', 'query @onQuery { ...F } fragment F on Query @onFragment { any }'],
  ['valid', 'with a directive twice', '{ any @twice @twice }'],
  ['invalid', 'with a directive where it has no place', '{ any @onQuery }'],
  ['plain', 'with many fragments', spread(40)],
  ['valid', 'with more fragments', spread(41)],
  ['valid', 'with more selections', chains(20, 1).replace('any', `${'... { '.repeat(110)} any ${'}'.repeat(110)}`)],
  ['plain', 'with many spreads', `{ ${many(100, () => '...F')} } fragment F on Query { any }`],
  ['valid', 'with a field that is asked for more often', `{ ${many(102, () => 'any')} }`],
  ['plain', 'with fragments in fragments', chains(5, 40)],
  ['valid', 'with more fragments in fragments', chains(6, 35)],
  [
    'valid',
    'with fragments that double',
    `{ ...F0 } ${many(39, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F39 on Query { any }`,
  ],
])('it is %s: a document %s', (kind, _what, text) => {
  const isPlainInOther = readPlainDocument(other, text) !== null;
  expect([isPlainInOther, isValidInOther(text)], text).toEqual([kind === 'plain', kind !== 'invalid']);
});
