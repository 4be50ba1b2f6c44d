import { generateCatalogue } from '../../src/embedded/generate.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: { CACHE_FRESH_MS: '0' } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const order = ['sort_dir=desc', 'sort_key=created_at'];
const toQuery = (parameters: string, limit: number) =>
  [...parameters.split('&').filter((one) => one !== ''), `limit=${limit}`, ...order].toSorted().join('&');

/** A filter, and what upstream is asked before the gateway decides the rest. */
const narrowed: readonly (readonly [filter: string, parameters: string])[] = [
  ['{ type: [PUBLIC, MARKET], protected: true }', 'protected=true'],
  [
    '{ createdAt: { lt: "2024-01-01T00:00:00Z", gt: "2020-01-01T00:00:00Z" } }',
    'created_at=gt%3A2020-01-01T00%3A00%3A00Z',
  ],
  ['{ tagsAll: [{ key: "app", value: "web" }, { key: "stage", value: "prod" }] }', 'tag=app%3Dweb'],
  ['{ tags: { key: "app", value: "web" }, tagsAll: { key: "stage", value: "prod" } }', 'tag=app%3Dweb'],
  ['{ nameMatches: { equals: "web-base-2024.07", caseSensitive: true } }', 'name=web-base-2024.07'],
  ['{ nameMatches: { equals: "web-base-2024.07" } }', ''],
  ['{ supports: { kvm: false, xen: true } }', '__support_xen=true'],
  ['{ supports: { kvm: true, kvmGpuType: "V100" } }', '__support_kvm_gpu_type=V100'],
  ['{ supports: { xen: true, kvmInfiniband: true } }', '__support_kvm_infiniband=true'],
  ['{ type: PUBLIC, and: { type: PRIVATE } }', '__imagetype=gold'],
  ['{ not: { type: PUBLIC } }', ''],
  ['{ or: [{ type: PUBLIC, os: { bit: BIT_64 } }, { os: { bit: BIT_64, type: OTHER } }] }', '__os_bit=64'],
  ['{ or: [{ type: PUBLIC }, { type: PRIVATE }], status: ACTIVE }', 'status=active'],
  ['{ os: { platform: "CentOS", versionMatches: { contains: "7.6" } } }', '__platform=CentOS'],
  ['{ properties: [{ name: "__support_s4l" }, { name: "__quick_start", value: "true" }] }', '__quick_start=true'],
];

describe('the strongest query that upstream can answer is asked in windows, the rest is decided here', () => {
  test.each(narrowed)('%s: %s', async (filter, parameters) => {
    const { errors } = await gateway.ask(`{ images(first: 1, filter: ${filter}) { edges { cursor } } }`);
    expect(errors).toBeUndefined();
    expect(gateway.takeRequests()[0]).toBe(toQuery(parameters, 500));
  });
});

/** A filter that leaves nothing to decide, however it is written. */
const whole: readonly (readonly [filter: string, parameters: string])[] = [
  ['{ and: [{ type: PUBLIC }, { and: { os: { bit: BIT_64 } } }] }', '__imagetype=gold&__os_bit=64'],
  ['{ or: { type: PUBLIC } }', '__imagetype=gold'],
  ['{ not: { not: { type: PUBLIC } } }', '__imagetype=gold'],
  ['{ tagsAll: { key: "app", value: "web" } }', 'tag=app%3Dweb'],
  ['{ type: PUBLIC, and: { type: [PUBLIC] } }', '__imagetype=gold'],
  ['{ and: [] }', ''],
];

describe('without a rest a page is one request for its own rows', () => {
  test.each(whole)('%s: %s', async (filter, parameters) => {
    const { errors } = await gateway.ask(`{ images(first: 10, filter: ${filter}) { edges { cursor } } }`);
    expect(errors).toBeUndefined();
    expect(gateway.takeRequests()).toEqual([toQuery(parameters, 11)]);
  });

  test.each([
    '[{ field: NAME, direction: ASC }, { field: CREATED_AT, direction: ASC }, { field: ID, direction: ASC }]',
    '[{ field: NAME, direction: ASC }, { field: NAME, direction: ASC }]',
    '[{ field: NAME, direction: ASC }, { field: CREATED_AT, direction: ASC }]',
  ])('also by %s, which is NAME ASC', async (orderBy) => {
    await gateway.ask(`{ images(first: 10, orderBy: ${orderBy}) { edges { cursor } } }`);
    expect(gateway.takeRequests()).toEqual(['limit=11&sort_dir=asc&sort_key=name']);
  });
});

test('the next page, the count, the facets and other orders of a filter are answered from the windows of its first page', async () => {
  await using cached = await startTestGateway();
  const filter = '{ status: ACTIVE, nameMatches: { contains: "64bit" } }';
  const first = await cached.ask(`{ images(first: 5, filter: ${filter}) { pageInfo { endCursor } } }`);
  expect(cached.takeRequests()).toHaveLength(1);

  const after = `after: "${first.data.images.pageInfo.endCursor}"`;
  await cached.ask(`{ images(first: 5, ${after}, filter: ${filter}) { edges { cursor } } }`);
  expect(cached.takeRequests()).toEqual([]);

  // The end of the list, which neither page needed, costs the empty window that shows it.
  const rest = 'totalCount facets { platform { value } architecture { value } } latest { id }';
  await cached.ask(`{ images(first: 5, filter: ${filter}) { ${rest} } }`);
  expect(cached.takeRequests()).toHaveLength(1);
  await cached.ask(
    `{ images(first: 5, filter: ${filter}, orderBy: { field: OS_VERSION }) { edges { cursor } ${rest} } }`,
  );
  expect(cached.takeRequests()).toEqual([]);
});

test.each([
  ['first: 5, orderBy: { field: NAME, direction: ASC }'],
  ['last: 5, orderBy: { field: NAME, direction: ASC }'],
  ['last: 5'],
])('the count beside a page reads on in the windows of the page: %s', async (page) => {
  const catalogue = generateCatalogue({ seed: 8, size: 1500 });
  const filter = 'filter: { nameMatches: { contains: "64bit" } }';
  await using uncached = await startTestGateway({ catalogue, env: { CACHE_FRESH_MS: '0' } });
  const facets = 'facets { agent { value count } }';
  await uncached.ask(`{ images(${page}, ${filter}) { edges { cursor } totalCount ${facets} } }`);
  const requests = uncached.takeRequests();
  expect(new Set(requests).size).toBe(requests.length);
  // All windows are of one list: full ones, the last one, and the empty one that tells that it was the last.
  expect(new Set(requests.map((one) => one.replace(/&marker=[^&]*/, ''))).size).toBe(1);
});
