import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import type { WireImage } from '../../src/image/source.ts';
import { visibleTo } from '../embedded/oracle.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const sample = loadSampleCatalogue();
const visible = visibleTo(sample.projects.get('demo') ?? '', sample);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: { CACHE_FRESH_MS: '0' } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Counts by an attribute, the most frequent first. */
function count(images: readonly WireImage[], valueOf: (image: WireImage) => string | undefined): [string, number][] {
  const counts = Object.entries(Object.groupBy(images, (image) => valueOf(image) ?? '')).map(
    ([value, some]): [string, number] => [value, some?.length ?? 0],
  );
  return counts.filter(([value]) => value !== '').toSorted(([, a], [, b]) => b - a);
}

const bitOf = (image: WireImage) => attribute('__os_bit')(image)?.replace(/^/, 'BIT_');
const is64 = (image: WireImage) => image['__os_bit'] === '64';
const isUbuntu = (image: WireImage) => image['__platform'] === 'Ubuntu';
const isOffered = (image: WireImage) => ['gold', 'market'].includes(String(image['__imagetype']));
const groupOf = (image: WireImage) =>
  [image['__platform'], image['__os_version'], image['__support_arm'] === 'true'].join('|');
const ageOf = (image: WireImage): string => `${attribute('created_at')(image)}${image.id}`;
const pairsOf = (facet: readonly { value: string; count: number }[]) => facet.map((one) => [one.value, one.count]);
const attribute = (name: string) => (image: WireImage) => (typeof image[name] === 'string' ? image[name] : undefined);
const sorted = (pairs: readonly (readonly unknown[])[]) => pairs.map((pair) => JSON.stringify(pair)).toSorted();

describe('facets', () => {
  test('count every image that the filter selects, by each attribute', async () => {
    const { data, errors } = await gateway.ask(
      `{ images(first: 1, filter: { type: PUBLIC }) { totalCount facets {
        platform { value count selected } architecture { value count } environment { value count } tag { value count } firmware { value count }
      } } }`,
    );
    const images = visible.filter((image) => image['__imagetype'] === 'gold');
    const { totalCount, facets } = data.images;
    expect(errors).toBeUndefined();
    expect(totalCount).toBe(images.length);
    expect(sorted(pairsOf(facets.platform))).toEqual(sorted(count(images, attribute('__platform'))));
    expect(facets.platform.map((one: { count: number }) => one.count)).toEqual(
      count(images, attribute('__platform')).map(([, number]) => number),
    );
    expect(facets.platform.some((one: { selected: boolean }) => one.selected)).toBe(false);
    expect(sorted(pairsOf(facets.architecture))).toEqual(
      sorted(count(images, (image) => (image['__support_arm'] === 'true' ? 'ARM' : 'X86'))),
    );
    expect(pairsOf(facets.environment)).toEqual([
      ['ECS', images.filter((image) => image['virtual_env_type'] === 'FusionCompute').length],
      ['BARE_METAL', images.filter((image) => image['virtual_env_type'] === 'Ironic').length],
    ]);
    expect(facets.tag).toEqual([]);
    expect(pairsOf(facets.firmware)).toHaveLength(2);
  });

  test('each counts as if its own criterion were not given, and says what is selected', async () => {
    const { data } = await gateway.ask(
      `{ images(first: 1, filter: { type: [PUBLIC, MARKET], os: { platform: ["Ubuntu", "Plan 9"], bit: BIT_64 } }) {
        totalCount facets { platform { value count selected } type { value count selected } osBit { value count } }
      } }`,
    );
    const { totalCount, facets } = data.images;
    expect(totalCount).toBe(visible.filter((one) => is64(one) && isUbuntu(one) && isOffered(one)).length);
    expect(sorted(pairsOf(facets.platform))).toEqual(
      sorted([
        ...count(
          visible.filter((one) => is64(one) && isOffered(one)),
          attribute('__platform'),
        ),
        ['Plan 9', 0],
      ]),
    );
    expect(facets.platform.filter((one: any) => one.selected).map((one: any) => one.value)).toEqual([
      'Ubuntu',
      'Plan 9',
    ]);
    const types = { gold: 'PUBLIC', private: 'PRIVATE', shared: 'SHARED', market: 'MARKET' } as Record<string, string>;
    expect(sorted(pairsOf(facets.type))).toEqual(
      sorted(
        count(
          visible.filter((one) => is64(one) && isUbuntu(one)),
          (one) => types[String(one['__imagetype'])],
        ),
      ),
    );
    expect(sorted(pairsOf(facets.osBit))).toEqual(
      sorted(
        count(
          visible.filter((one) => isUbuntu(one) && isOffered(one)),
          bitOf,
        ),
      ),
    );
  });

  test('a value of a facet, put into its criterion, finds as many images as it counts', async () => {
    const places: Readonly<Record<string, (value: string) => string>> = {
      type: (value) => `{ type: ${value} }`,
      status: (value) => `{ status: ${value} }`,
      environment: (value) => `{ environment: ${value} }`,
      platform: (value) => `{ os: { platform: "${value}" } }`,
      osVersion: (value) => `{ os: { version: "${value}" } }`,
      architecture: (value) => `{ os: { architecture: ${value} } }`,
      firmware: (value) => `{ boot: { firmware: ${value} } }`,
      agent: (value) => `{ agents: "${value}" }`,
      minDiskGiB: (value) => `{ requirements: { minDiskGiB: ${value} } }`,
      enterpriseProjectId: (value) => `{ enterpriseProjectId: "${value}" }`,
      tagKey: (value) => `{ tagKeys: "${value}" }`,
      tag: (value) => {
        const [key, ...rest] = value.split('=');
        return `{ tags: { key: "${key}" ${rest.length > 0 ? `value: "${rest.join('=')}"` : ''} } }`;
      },
    };
    const names = Object.keys(places);
    const { data } = await gateway.ask(
      `{ images { facets { ${names.map((name) => `${name} { value count }`).join(' ')} } } }`,
    );
    for (const name of names) {
      for (const { value, count: expected } of data.images.facets[name]) {
        const found = await gateway.ask(`{ images(filter: ${places[name]?.(value)}) { totalCount } }`);
        expect([name, value, found.data.images.totalCount]).toEqual([name, value, expected]);
      }
    }
  });

  test('the first few values of one are the most frequent, and their number is bounded', async () => {
    const { data } = await gateway.ask('{ images { facets { platform(first: 2) { value } } } }');
    expect(data.images.facets.platform).toEqual([{ value: 'CentOS' }, { value: 'Ubuntu' }]);
    const { errors } = await gateway.ask('{ images { facets { platform(first: 0) { value } } } }');
    expect(errors).toMatchObject([{ message: 'Argument "first": expected a number from 1 to 200, but received 0.' }]);
  });
});

describe('the latest', () => {
  test('is the newest image of each platform, version and architecture, platforms in order, versions from the highest', async () => {
    const { data } = await gateway.ask(
      '{ images(filter: { type: PUBLIC }) { latest { id os { platform version architecture } } } }',
    );
    const groups = Object.groupBy(
      visible.filter((image) => image['__imagetype'] === 'gold'),
      groupOf,
    );
    const newest = Object.values(groups).map((some) => some?.toSorted((a, b) => (ageOf(a) < ageOf(b) ? 1 : -1))[0]?.id);
    const { latest } = data.images;
    expect(latest.map(({ id }: { id: string }) => id).toSorted()).toEqual(newest.toSorted());

    const ubuntu = latest.filter(({ os }: any) => os.platform === 'Ubuntu' && os.architecture === 'X86');
    expect(ubuntu.map(({ os }: any) => os.version)).toEqual([
      'Ubuntu 24.04.2 server 64bit',
      'Ubuntu 24.04 server 64bit',
      'Ubuntu 22.04 server 64bit',
      'Ubuntu 20.04 server 64bit',
      'Ubuntu 18.04 server 64bit',
      'Ubuntu 16.04 server 64bit',
      'Ubuntu 14.04.4 server 32bit',
    ]);
  });

  test('groups by what is asked for, one image of each name for example', async () => {
    const { data } = await gateway.ask(
      '{ images(filter: { name: "web-base-2024.07" }) { totalCount latest(by: NAME) { createdAt } } }',
    );
    const named = visible.filter((image) => image['name'] === 'web-base-2024.07').map((image) => image['created_at']);
    expect(data.images.totalCount).toBe(2);
    expect(data.images.latest).toEqual([{ createdAt: named.toSorted().at(-1) }]);
  });
});

test.each([
  ['platform', '{ os: { platformMatches: { startsWith: "ubu" } }, type: PUBLIC }', '{ type: PUBLIC }'],
  ['minRamMiB', '{ requirements: { minRamMiBRange: { lte: 512 } }, type: PUBLIC }', '{ type: PUBLIC }'],
  ['agent', '{ agentsAll: ["hss", "ces"], protected: true }', '{ protected: true }'],
  ['tag', '{ tagKeys: "app", tagsAll: { key: "app", value: "web" } }', '{}'],
])('the facet %s counts as if its attribute were not asked for in any way: %s', async (facet, filter, open) => {
  const countsOf = async (of: string) => {
    const query = `{ images(first: 1, filter: ${of}) { totalCount facets { ${facet}(first: 200) { value count } } } }`;
    return (await gateway.ask(query)).data.images;
  };
  const [narrow, wide] = [await countsOf(filter), await countsOf(open)];
  expect(narrow.totalCount).toBeLessThan(wide.totalCount);
  expect(narrow.totalCount).toBeGreaterThan(0);
  expect(sorted(pairsOf(narrow.facets[facet]))).toEqual(sorted(pairsOf(wide.facets[facet])));
});

test('what is not selected costs nothing', async () => {
  gateway.takeRequests();
  await gateway.ask('{ images(first: 3) { edges { cursor } } }');
  expect(gateway.takeRequests()).toEqual(['limit=4&sort_dir=desc&sort_key=created_at']);
});
