import { expect, test } from 'vitest';
import { subgraphSchema as schema } from '../../src/schema/index.ts';
import { readPlainDocument } from '../../src/server/direct/read-plain-document.ts';
import { limits } from '../../src/server/plugins/use-limits.ts';
import { many, validIn } from '../support/valid-documents.ts';

const isValid = validIn(schema);
const isPlain = (text: string): boolean => readPlainDocument(schema, text) !== null;

const id = 'image(id: "x") { id }';
const on = (argument: string): string => `{ images(${argument}) { totalCount } }`;

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
