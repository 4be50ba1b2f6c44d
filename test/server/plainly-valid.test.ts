import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/embedded/random.ts';
import type { ImageContext } from '../../src/schema/context.ts';
import { subgraphSchema as schema } from '../../src/schema/index.ts';
import { readDocument } from '../../src/server/direct/read-document.ts';
import { readPlainDocument } from '../../src/server/direct/read-plain-document.ts';
import { limits, useLimits } from '../../src/server/plugins/use-limits.ts';
import { useNoIntrospection } from '../../src/server/plugins/use-no-introspection.ts';
import { useQueriesOnly } from '../../src/server/plugins/use-queries-only.ts';
import type { ServerContext } from '../../src/server/request-record.ts';
import { mutatedText } from '../support/mutated-text.ts';
import { randomOperation } from '../support/random-operation.ts';
import { suiteOperations } from '../support/suite-operations.ts';

/** Whether a text is valid by the rules of every plugin of the server that adds one, also of the one that may be left out. */
function validIn(of: GraphQLSchema): (text: string) => boolean {
  const { getEnveloped } = createYoga<ServerContext, ImageContext>({
    schema: of,
    plugins: [useQueriesOnly(), useLimits(), useNoIntrospection()],
  });
  return (text) => readDocument(text, firstName(text), getEnveloped) !== null;
}
/** Of several operations, one has to be named. */
const firstName = (text: string): string | null => /\bquery\s+([_A-Za-z]\w*)/.exec(text)?.[1] ?? null;

const isValid = validIn(schema);
const isPlain = (text: string): boolean => readPlainDocument(schema, text) !== null;

/** How many texts there are of each kind. Fails at one that is plainly valid, but not valid. */
function tally(texts: readonly string[]) {
  const counts = { plain: 0, valid: 0, invalid: 0 };
  for (const text of texts) {
    const isSaidToBe = isPlain(text);
    const is = isValid(text);
    if (isSaidToBe) expect(is, text).toBe(true);
    // It is worth nothing unless it knows what clients send.
    else if (!isLeftOut(text)) expect(is, text).toBe(false);
    counts[isSaidToBe ? 'plain' : is ? 'valid' : 'invalid'] += 1;
  }
  return counts;
}

/** What is left to graphql's own validation though it is valid: questions about the schema, and objects as JSON literals. */
const isLeftOut = (text: string): boolean => /__schema|__type\b|_entities *\( *representations *: *\[ *\{/.test(text);

const isSyntax = (text: string): boolean => {
  try {
    return parse(text).kind.length > 0;
  } catch {
    return false;
  }
};

test('no other plugin has a rule of its own', () => {
  const root = new URL('../../src/', import.meta.url).pathname;
  const rule = /\b(addValidationRule|onValidate|setValidationFn|onParse|setParseFn|addPlugin)\b/;
  const files = globSync('**/*.ts', { cwd: root }).filter((file) => rule.test(readFileSync(join(root, file), 'utf8')));
  expect(files.toSorted()).toEqual([
    'server/plugins/use-limits.ts',
    'server/plugins/use-no-introspection.ts',
    'server/plugins/use-queries-only.ts',
  ]);
});

const suite = [...new Set(suiteOperations().map(({ text }) => text))];

test('every valid operation of the suite that asks for images is plainly valid', () => {
  const { plain } = tally(suite);
  expect(plain).toBeGreaterThan(80);
});

test('operations by chance are plainly valid if they are valid, and only then', () => {
  const random = createRandom(21);
  const { plain, invalid } = tally(Array.from({ length: 2000 }, () => randomOperation(random)));
  expect(plain).toBeGreaterThan(400);
  expect(invalid).toBeGreaterThan(400);
}, 60_000);

test('operations with a few mistakes by chance are plainly valid only if they are valid', () => {
  const random = createRandom(22);
  const valid = [...suite, ...Array.from({ length: 100 }, () => randomOperation(random)).filter(isPlain)];
  const texts = Array.from({ length: 12_000 }, () => mutatedText(random.pick(valid), random)).filter(isSyntax);
  const counts = tally(texts);
  expect(counts.plain).toBeGreaterThan(500);
  expect(counts.invalid).toBeGreaterThan(3000);
}, 60_000);

const id = 'image(id: "x") { id }';
const on = (argument: string): string => `{ images(${argument}) { totalCount } }`;
const many = (count: number, part: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

test.each([
  ['executable definitions', `{ ${id} }`, `{ ${id} } type A { a: Int }`],
  ['names of operations', `query A { ${id} } query B { ${id} }`, `query A { ${id} } query A { ${id} }`],
  ['the lone anonymous operation', `{ ${id} }`, `query A { ${id} } { ${id} }`],
  ['queries only', `query { ${id} }`, `mutation { ${id} }`],
  ['no subscriptions', `query { __typename }`, `subscription { __typename }`],
  ['known fields', `{ ${id} }`, '{ image(id: "x") { ids } }'],
  ['known fields of interfaces', '{ node(id: "x") { id } }', '{ node(id: "x") { name } }'],
  [
    'fields of unions',
    '{ _entities(representations: []) { __typename } }',
    '{ _entities(representations: []) { id } }',
  ],
  ['fields that are named like what objects inherit', `{ constructor: __typename }`, '{ constructor }'],
  ['a key that objects inherit', '{ __proto__: __typename }', '{ __proto__ }'],
  ['no questions about the schema', '{ __typename }', '{ __schema { queryType { name } } }'],
  ['selections of composites', `{ ${id} }`, '{ image(id: "x") }'],
  ['selections of leaves', `{ ${id} }`, '{ image(id: "x") { id { id } } }'],
  ['known arguments', on('first: 1'), on('firsts: 1')],
  ['arguments of __typename', '{ __typename }', '{ __typename(a: 1) }'],
  ['arguments once', on('first: 1'), on('first: 1, first: 1')],
  ['required arguments', `{ ${id} }`, '{ image { id } }'],
  ['required arguments other than null', `{ ${id} }`, '{ image(id: null) { id } }'],
  ['null for an argument that need not be', on('first: null'), '{ images { latest(first: null) { id } } }'],
  ['literals of a scalar', on('first: 1'), on('first: "1"')],
  ['literals in the range of a scalar', on('first: 2147483647'), on('first: 2147483648')],
  ['literals of an id', '{ image(id: 7) { id } }', '{ image(id: 7.5) { id } }'],
  [
    'literals of a custom scalar',
    on('filter: {createdAt: {gt: "2024-01-01T00:00:00Z"}}'),
    on('filter: {createdAt: {gt: "yesterday"}}'),
  ],
  ['lists as a literal of a scalar', on('after: "x"'), on('after: ["x"]')],
  ['objects as a literal of a scalar', on('after: "x"'), on('after: {a: "x"}')],
  ['enums', on('filter: {type: PUBLIC}'), on('filter: {type: PUBLICK}')],
  ['enums that are no texts', on('filter: {type: PUBLIC}'), on('filter: {type: "PUBLIC"}')],
  ['lists and their items', on('filter: {type: [PUBLIC, PRIVATE]}'), on('filter: {type: [PUBLIC, 1]}')],
  ['lists without null', on('filter: {type: null}'), on('filter: {type: [null]}')],
  ['lists of no lists', on('filter: {type: []}'), on('filter: {type: [[PUBLIC]]}')],
  ['input objects', on('filter: {}'), on('filter: 1')],
  ['one input object for a list', on('orderBy: {field: NAME, direction: ASC}'), on('orderBy: NAME')],
  ['known input fields', on('filter: {name: "x"}'), on('filter: {names: "x"}')],
  ['input fields named like what objects inherit', on('filter: {}'), on('filter: {constructor: 1}')],
  ['input fields once', on('filter: {name: "x"}'), on('filter: {name: "x", name: "x"}')],
  ['required input fields', on('filter: {tags: {key: "x"}}'), on('filter: {tags: {value: "x"}}')],
  [
    'required input fields other than null',
    on('filter: {tags: {key: "x", value: null}}'),
    on('filter: {tags: {key: null}}'),
  ],
  ['defined variables', `query ($n: Int) ${on('first: $n')}`, `query ($n: Int) ${on('first: $n, last: $m')}`],
  ['used variables', `query ($n: Int) ${on('first: $n')}`, `query ($n: Int) ${on('first: 1')}`],
  [
    'variables once',
    `query ($n: Int, $m: Int) ${on('first: $n, last: $m')}`,
    `query ($n: Int, $n: Int) ${on('first: $n')}`,
  ],
  ['known types of variables', `query ($n: Int) ${on('first: $n')}`, `query ($n: Ints) ${on('first: $n')}`],
  ['input types of variables', `query ($f: ImageFilter) ${on('filter: $f')}`, `query ($f: Image) ${on('filter: $f')}`],
  ['variables in their positions', `query ($n: Int) ${on('first: $n')}`, `query ($n: Float) ${on('first: $n')}`],
  ['stricter variables', `query ($n: Int!) ${on('first: $n')}`, `query ($n: [Int]) ${on('first: $n')}`],
  [
    'variables where null may not be',
    'query ($id: ID!) { image(id: $id) { id } }',
    'query ($id: ID) { image(id: $id) { id } }',
  ],
  [
    'variables with a default where null may not be',
    'query ($id: ID = "x") { image(id: $id) { id } }',
    'query ($id: ID = null) { image(id: $id) { id } }',
  ],
  [
    'variables at a place with a default',
    'query ($n: Int) { images { latest(first: $n) { id } } }',
    'query ($n: String) { images { latest(first: $n) { id } } }',
  ],
  [
    'variables as items',
    'query ($id: ID!) { nodes(ids: [$id]) { id } }',
    'query ($id: ID) { nodes(ids: [$id]) { id } }',
  ],
  [
    'variables as lists',
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    'query ($ids: ID!) { nodes(ids: $ids) { id } }',
  ],
  [
    'variables in input objects',
    `query ($k: String!) ${on('filter: {tags: {key: $k}}')}`,
    `query ($k: String) ${on('filter: {tags: {key: $k}}')}`,
  ],
  ['defaults of variables', `query ($n: Int = 1) ${on('first: $n')}`, `query ($n: Int = "1") ${on('first: $n')}`],
  [
    'defaults other than null',
    `query ($n: Int = null) ${on('first: $n')}`,
    `query ($n: Int! = null) ${on('first: $n')}`,
  ],
  [
    'variables of fragments, operation by operation',
    `query A($n: Int) { ...F } query B($n: Int!) { ...F } fragment F on Query { images(first: $n) { totalCount } }`,
    `query A($n: Int) { ...F } query B { ...F } fragment F on Query { images(first: $n) { totalCount } }`,
  ],
  [
    'variables of fragments in their positions',
    'query A($id: ID!) { ...F } fragment F on Query { image(id: $id) { id } }',
    'query A($id: ID!) { ...F } query B($id: ID) { ...F } fragment F on Query { image(id: $id) { id } }',
  ],
  ['known directives', `{ ${id} __typename @skip(if: true) }`, `{ ${id} __typename @skipped(if: true) }`],
  ['directives in their places', `query { __typename @skip(if: true) }`, `query @skip(if: true) { __typename }`],
  ['directives of the schema in no place', `{ ${id} }`, '{ image(id: "x") { id @deprecated } }'],
  [
    'directives of variables',
    `query ($n: Int) ${on('first: $n')}`,
    `query ($n: Int @skip(if: true)) ${on('first: $n')}`,
  ],
  [
    'directives of fragments',
    `{ ...F @skip(if: true) } fragment F on Query { ${id} }`,
    `{ ...F } fragment F on Query @skip(if: true) { ${id} }`,
  ],
  [
    'directives once',
    '{ __typename @skip(if: true) @include(if: true) }',
    '{ __typename @skip(if: true) @skip(if: true) }',
  ],
  ['arguments of directives', '{ ... @include(if: true) { __typename } }', '{ ... @include { __typename } }'],
  ['values of directives', '{ __typename @include(if: true) }', '{ __typename @include(if: 1) }'],
  [
    'variables of directives',
    'query ($c: Boolean!) { __typename @include(if: $c) }',
    'query ($c: Boolean) { __typename @include(if: $c) }',
  ],
  ['known fragments', `{ ...F } fragment F on Query { ${id} }`, `{ ...F ...G } fragment F on Query { ${id} }`],
  [
    'used fragments',
    `{ ...F } fragment F on Query { ...G } fragment G on Query { ${id} }`,
    `{ ...F } fragment F on Query { ${id} } fragment G on Query { ${id} }`,
  ],
  [
    'names of fragments',
    `{ ...F } fragment F on Query { ${id} }`,
    `{ ...F } fragment F on Query { ${id} } fragment F on Query { ${id} }`,
  ],
  ['fragments without cycles', `{ ...F } fragment F on Query { ${id} }`, `{ ...F } fragment F on Query { ${id} ...F }`],
  [
    'fragments without longer cycles',
    `{ ...F } fragment F on Query { ...G } fragment G on Query { ${id} }`,
    `{ ...F } fragment F on Query { ...G } fragment G on Query { ${id} ...F }`,
  ],
  ['known types of fragments', `{ ... on Query { ${id} } }`, `{ ... on Queries { ${id} } }`],
  [
    'composite types of fragments',
    '{ node(id: "x") { ... on Image { name } } }',
    '{ node(id: "x") { ... on String { name } } }',
  ],
  ['input types of no fragments', '{ image(id: "x") { ... on Node { id } } }', '{ ... on ImageFilter { __typename } }'],
  [
    'inline fragments of possible types',
    '{ _entities(representations: []) { ... on Node { id } } }',
    '{ images { ... on Image { id } } }',
  ],
  [
    'spreads of possible types',
    '{ node(id: "x") { ...F } } fragment F on Image { name }',
    '{ images { ...F } } fragment F on Image { name }',
  ],
  ['fields that are the same', `{ ${id} ${id} }`, '{ image(id: "x") { id: name id } }'],
  [
    'objects that are the same',
    '{ images(first: 1) { totalCount } images(first: 1) { pageInfo { endCursor } } }',
    '{ images(first: 1) { totalCount } images(first: 2) { pageInfo { endCursor } } }',
  ],
  [
    'arguments that are the same',
    `{ a: images(after: "x") { totalCount } a: images(after: "x") { totalCount } }`,
    `{ a: images(after: "x") { totalCount } a: images { totalCount } }`,
  ],
  [
    'fields that are the same in fragments',
    '{ image(id: "x") { ...F ...G } } fragment F on Image { os { a: type } } fragment G on Image { os { a: type } }',
    '{ image(id: "x") { ...F ...G } } fragment F on Image { os { a: type } } fragment G on Image { os { a: bit } }',
  ],
  [
    'types that are the same',
    '{ node(id: "x") { id ... on Image { id } } }',
    '{ node(id: "x") { id ... on Image { id: name } } }',
  ],
  [
    'the number of aliases',
    `{ ${many(limits.aliases, (i) => `a${i}: ${id}`)} }`,
    `{ ${many(limits.aliases + 1, (i) => `a${i}: ${id}`)} }`,
  ],
  [
    'the number of aliases in fragments',
    `{ a: image(id: "x") { ...F } b: image(id: "x") { ...F } } fragment F on Image { ${many(24, (i) => `f${i}: id`)} }`,
    `{ a: image(id: "x") { ...F } b: image(id: "x") { ...F } } fragment F on Image { ${many(25, (i) => `f${i}: id`)} }`,
  ],
  [
    'the number of directives',
    `{ ${many(limits.directives, () => '__typename @skip(if: true)')} }`,
    `{ ${many(limits.directives + 1, () => '__typename @skip(if: true)')} }`,
  ],
  [
    'the number of tokens',
    // As many names as there may be in all, beside two braces.
    on(`filter: {name: [${many(limits.tokens - 16, () => '"x"')}]}`),
    on(`filter: {name: [${many(limits.tokens - 12, () => '"x"')}]}`),
  ],
  ['the syntax', `{ ${id} }`, `{ ${id}`],
])('plainly valid documents keep to the rule of %s', (_rule, kept, broken) => {
  expect([isPlain(kept), isValid(kept)], kept).toEqual([true, true]);
  expect([isPlain(broken), isValid(broken)], broken).toEqual([false, false]);
});

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
