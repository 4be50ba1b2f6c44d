import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const newest = cursor(1, 'CREATED_AT', 'DESC', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 'some-id');

/** What is asked, and the whole sentence that refuses it. */
const refusals: readonly (readonly [argument: string, message: string])[] = [
  // Page sizes
  ['first: 0', 'Argument "first": expected a number of images from 1 to 100, but received 0.'],
  ['first: -1', 'Argument "first": expected a number of images from 1 to 100, but received -1.'],
  ['first: 101', 'Argument "first": expected a number of images from 1 to 100, but received 101.'],
  ['last: 0', 'Argument "last": expected a number of images from 1 to 100, but received 0.'],
  ['last: 5000', 'Argument "last": expected a number of images from 1 to 100, but received 5000.'],
  ['first: 2, last: 3', 'Argument "last": expected either "first" or "last", but received both: first 2 and last 3.'],
  // Cursors
  ['after: "x"', 'Argument "after": expected a cursor that this connection gave out, but received "x".'],
  ['before: ""', 'Argument "before": expected a cursor that this connection gave out, but received "".'],
  [
    `after: "${cursor(2, 'CREATED_AT', 'DESC', '', '', 'id')}"`,
    `Argument "after": expected a cursor that this connection gave out, but received "${cursor(2, 'CREATED_AT', 'DESC', '', '', 'id')}".`,
  ],
  [
    `orderBy: { field: NAME, direction: ASC }, after: "${newest}"`,
    'Argument "after": expected a cursor of the order NAME ASC, but received one of CREATED_AT DESC; start without a cursor when the order changes.',
  ],
  [
    `orderBy: { field: CREATED_AT, direction: ASC }, last: 3, before: "${newest}"`,
    'Argument "before": expected a cursor of the order CREATED_AT ASC, but received one of CREATED_AT DESC; start without a cursor when the order changes.',
  ],
  [
    `orderBy: [{ field: NAME, direction: ASC }, { field: ID, direction: DESC }], after: "${newest}"`,
    'Argument "after": expected a cursor of the order NAME ASC, ID DESC, but received one of CREATED_AT DESC; start without a cursor when the order changes.',
  ],
  ['orderBy: []', 'Argument "orderBy": expected 1 to 5 keys, but received 0.'],
  [`orderBy: [${'{ field: NAME } '.repeat(6)}]`, 'Argument "orderBy": expected 1 to 5 keys, but received 6.'],
  // Lists that hold nothing
  [
    'filter: { status: [] }',
    'Argument "filter.status": expected at least one value, or null for no restriction, but received [].',
  ],
  [
    'filter: { or: [] }',
    'Argument "filter.or": expected at least one value, or null for no restriction, but received [].',
  ],
  // Comparisons
  [
    'filter: { createdAt: {} }',
    'Argument "filter.createdAt": expected at least one of gt, gte, lt, lte, eq, ne, each a time of whole seconds, but received {}.',
  ],
  [
    'filter: { updatedAt: { eq: "2024-01-01T00:00:00.5Z" } }',
    'Argument "filter.updatedAt": expected at least one of gt, gte, lt, lte, eq, ne, each a time of whole seconds, but received {"eq":"2024-01-01T00:00:00.500Z"}.',
  ],
  [
    'filter: { nameMatches: { caseSensitive: true } }',
    'Argument "filter.nameMatches": expected at least one of equals, contains, startsWith, endsWith, pattern, present, each text of 1 to 255 characters, but received {"caseSensitive":true}.',
  ],
  [
    `filter: { os: { versionMatches: { pattern: "${'*'.repeat(256)}" } } }`,
    `Argument "filter.os.versionMatches": expected at least one of equals, contains, startsWith, endsWith, pattern, present, each text of 1 to 255 characters, but received {"pattern":["${'*'.repeat(106)}….`,
  ],
  [
    'filter: { requirements: { minDiskGiBRange: {} } }',
    'Argument "filter.requirements.minDiskGiBRange": expected at least one of gt, gte, lt, lte, but received {}.',
  ],
  [
    'filter: { fits: { diskGiB: 0 } }',
    'Argument "filter.fits": expected diskGiB or ramMiB, each at least 1, but received {"diskGiB":0}.',
  ],
  // Depth and size
  [
    `filter: ${'{ not: '.repeat(6)}{ protected: true }${' }'.repeat(6)}`,
    `Argument "filter${'.not[0]'.repeat(6)}": expected at most 5 levels of "and", "or" and "not", but received more.`,
  ],
  [
    `filter: { id: [${'"x" '.repeat(201)}] }`,
    'Argument "filter.id": expected at most 200 values in one filter, but received more.',
  ],
  // What only upstream can tell
  [
    'filter: { or: [{ flavorId: "s6.large.2" }, { type: PUBLIC }] }',
    'Argument "filter.or[0].flavorId": expected no "or" or "not" around it, as only upstream can tell, but received one.',
  ],
  [
    'filter: { not: { flavorId: "s6.large.2" } }',
    'Argument "filter.not[0].flavorId": expected no "or" or "not" around it, as only upstream can tell, but received one.',
  ],
  [
    'filter: { flavorId: "s6.large.2", and: { flavorId: "s7.large.2" } }',
    'Argument "filter.and[0].flavorId": expected one value, as only upstream can tell, but received another one: "s7.large.2".',
  ],
  [
    'filter: { visibility: SHARED, memberStatus: [ACCEPTED, PENDING] }',
    'Argument "filter.memberStatus": expected exactly one value, as only upstream can tell, but received 2: ["ACCEPTED","PENDING"].',
  ],
  // Forbidden combinations
  [
    'filter: { supports: { kvmGpuType: "V100" }, properties: { name: "__support_kvm", value: "true" } }',
    'Argument "filter.properties[0].name": expected a property without an argument of its own, as "filter.supports.kvm" is one, but received "__support_kvm".',
  ],
  [
    'filter: { memberStatus: ACCEPTED }',
    'Argument "filter.memberStatus": expected "filter.visibility: SHARED" beside it, but received no "filter.visibility".',
  ],
  [
    'filter: { memberStatus: ACCEPTED, visibility: PUBLIC }',
    'Argument "filter.memberStatus": expected "filter.visibility: SHARED" beside it, but received ["PUBLIC"].',
  ],
  // Texts and numbers
  [
    'filter: { name: "" }',
    'Argument "filter.name": expected a name of 1 to 128 characters without ":", but received "".',
  ],
  [
    'filter: { name: "in:a,b" }',
    'Argument "filter.name": expected a name of 1 to 128 characters without ":", but received "in:a,b".',
  ],
  [
    'filter: { id: "" }',
    'Argument "filter.id": expected an id of 1 to 64 letters, digits, "-", "_" or ".", but received "".',
  ],
  [
    'filter: { owner: "neq:x" }',
    'Argument "filter.owner": expected an id of 1 to 64 letters, digits, "-", "_" or ".", but received "neq:x".',
  ],
  ['filter: { os: { platform: "" } }', 'Argument "filter.os.platform": expected 1 to 255 characters, but received "".'],
  [
    'filter: { requirements: { minDiskGiB: 0 } }',
    'Argument "filter.requirements.minDiskGiB": expected a whole number from 1 to 1024, but received 0.',
  ],
  [
    'filter: { requirements: { minDiskGiB: 1025 } }',
    'Argument "filter.requirements.minDiskGiB": expected a whole number from 1 to 1024, but received 1025.',
  ],
  [
    'filter: { requirements: { minRamMiB: -1 } }',
    'Argument "filter.requirements.minRamMiB": expected a whole number from 0 to 2147483647, but received -1.',
  ],
  [
    'filter: { tags: { key: "a=b" } }',
    'Argument "filter.tags": expected a key of 1 to 128 characters without "=", and a value of up to 128 characters, but received {"key":"a=b"}.',
  ],
  // Properties
  [
    'filter: { properties: { name: "sort", value: "name:asc" } }',
    'Argument "filter.properties[0].name": expected the name of an image property, which begins with "__", "_sys_", "hw_" or "os_", but received "sort".',
  ],
  [
    'filter: { properties: { name: "marker", value: "x" } }',
    'Argument "filter.properties[0].name": expected the name of an image property, which begins with "__", "_sys_", "hw_" or "os_", but received "marker".',
  ],
  [
    'filter: { properties: { name: "a b", value: "x" } }',
    'Argument "filter.properties[0].name": expected the name of an image property, which begins with "__", "_sys_", "hw_" or "os_", but received "a b".',
  ],
  [
    'filter: { properties: { name: "__quick_start", value: "" } }',
    'Argument "filter.properties[0].value": expected 1 to 255 characters, but received "".',
  ],
  [
    'filter: { properties: [{ name: "__quick_start", value: "a" }, { name: "__quick_start", value: "b" }] }',
    'Argument "filter.properties[1].name": expected each property once, but received "__quick_start".',
  ],
];

describe('what cannot be answered is refused in a sentence, before any upstream request', () => {
  test.each(refusals)('%s', async (argument, message) => {
    const answer = await gateway.ask(`{ images(${argument}) { edges { cursor } } }`);

    expect(answer).toEqual({
      data: null,
      errors: [
        { message, path: ['images'], locations: [{ line: 1, column: 3 }], extensions: { code: 'BAD_USER_INPUT' } },
      ],
    });
    expect(gateway.takeRequests()).toEqual([]);
  });

  test('text that cannot be sent, through variables', async () => {
    const half = '\ud800';
    const forged = Buffer.from(JSON.stringify([1, 'CREATED_AT', 'DESC', '', '', `x\n${'y'.repeat(60_000)}`]));
    for (const variables of [
      { filter: { name: half } },
      { filter: { os: { platform: `a${half}` } } },
      { filter: { tags: [{ key: 'a', value: half }] } },
      { filter: { tags: [{ key: half }] } },
      { filter: { properties: [{ name: '__a', value: half }] } },
      { filter: { name: 'line\nbreak' } },
      { after: `!!${newest} ??` },
      { after: forged.toString('base64url') },
    ]) {
      const query =
        'query ($filter: ImageFilter, $after: String) { images(filter: $filter, after: $after) { edges { cursor } } }';
      const { data, errors } = await gateway.ask(query, variables);
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    expect(gateway.takeRequests()).toEqual([]);
    expect(gateway.logged).toEqual([]);
  });

  test('more properties than a query should hold', async () => {
    const properties = Array.from({ length: 21 }, (_, i) => ({ name: `__p${i}`, value: 'x' }));
    const query = 'query ($filter: ImageFilter) { images(filter: $filter) { edges { cursor } } }';
    const { errors } = await gateway.ask(query, { filter: { properties } });
    expect(errors).toMatchObject([
      { message: 'Argument "filter.properties": expected at most 20 properties, but received 21.' },
    ]);
    expect(gateway.takeRequests()).toEqual([]);
  });

  test('a bad variable is quoted in part only', async () => {
    const query = 'query ($filter: ImageFilter) { images(filter: $filter) { edges { cursor } } }';
    const { errors } = await gateway.ask(query, { filter: { name: { x: 'y'.repeat(50_000) } } });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message.length).toBeLessThan(600);
  });

  test('a page size out of range is an error of its own field alone', async () => {
    const { errors } = await gateway.ask(
      '{ __typename image(id: "no id") { id } images(first: 1000) { edges { cursor } } }',
    );
    expect(errors).toMatchObject([{ path: ['images'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(gateway.takeRequests()).toEqual([]);
  });

  test('too many ids at once', async () => {
    const ids = Array.from({ length: 101 }, (_, i) => `id-${i}`);
    const answer = await gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });

    expect(answer.errors).toMatchObject([
      {
        message: 'Argument "ids": expected at most 100 ids, but received 101.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(gateway.takeRequests()).toEqual([]);
  });

  test('an enumeration value that the manual does not list, and a time that is none', async () => {
    for (const filter of ['{ type: OTHER }', '{ status: "active" }', '{ createdAt: { gt: "yesterday" } }']) {
      const answer = await gateway.ask(`{ images(filter: ${filter}) { edges { cursor } } }`);
      expect(answer.data).toBeUndefined();
      expect(answer.errors?.map((error) => error.extensions?.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    }
    for (const gt of ['2024-01-01T24:00:00Z', '2024-01-01T00:00:00.0009Z', '9999-12-31T23:59:59-10:00', '2024-01-01']) {
      const answer = await gateway.ask('query ($f: ImageFilter) { images(filter: $f) { edges { cursor } } }', {
        f: { createdAt: { gt } },
      });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    const variables = { filter: { createdAt: { gt: '2024-02-30T00:00:00Z' } } };
    const answer = await gateway.ask(
      'query ($filter: ImageFilter) { images(filter: $filter) { edges { cursor } } }',
      variables,
    );
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringContaining(
          'expected a time with its zone, such as "2018-10-28T10:00:00Z", but received "2024-02-30T00:00:00Z"',
        ),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(gateway.takeRequests()).toEqual([]);
  });
});
