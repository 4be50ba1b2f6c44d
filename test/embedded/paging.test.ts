import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { createEmbeddedIms } from '../../src/embedded/server.ts';
import { imagesOf, type Pairs, startEmbedded } from './harness.ts';
import { idsOf, sortedBy, visibleTo } from './oracle.ts';
import { exhaustive, selective } from './questions.ts';

const sortKeys = ['name', 'container_format', 'disk_format', 'status', 'id', 'size', 'created_at'];
const catalogue = loadSampleCatalogue();
const visible = visibleTo(catalogue.projects.get('demo') ?? '', catalogue);

/** All the ids of a list, read page by page until an empty one. */
async function walk(url: string, token: string, pairs: Pairs): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const query = new URLSearchParams(pairs.map((pair) => [...pair]));
    const marker = ids.at(-1);
    if (marker !== undefined) query.set('marker', marker);
    const response = await fetch(`${url}/v2/cloudimages?${query}`, { headers: { 'X-Auth-Token': token } });
    const page = idsOf(imagesOf(await response.json()));
    if (page.length === 0) return ids;
    ids.push(...page);
  }
}

test.for(sortKeys)('sort_key=%s orders by it, then creation time, then id; desc is the exact reverse', async (key) => {
  const { ids } = await startEmbedded();
  const expected = idsOf(sortedBy(key, visible));
  expect(
    await ids([
      ['sort_key', key],
      ['sort_dir', 'asc'],
    ]),
  ).toEqual(expected);
  expect(
    await ids([
      ['sort_key', key],
      ['sort_dir', 'desc'],
    ]),
  ).toEqual(expected.toReversed());
  expect(await ids([['sort_key', key]])).toEqual(expected.toReversed());
});

/** Searches that no other search forbids beside it, so that any two of them are a query. */
const combinable = [...selective, ...exhaustive].filter(({ pairs }) => !pairs.some(([name]) => /xen|kvm/.test(name)));

test('walking by marker gives every visible match of any generated catalogue once, in order, in both directions', async () => {
  const scenario = fc.record({
    seed: fc.nat(),
    size: fc.integer({ min: 1, max: 70 }),
    token: fc.constantFrom('demo', 'demo-b', 'demo-partner', 'demo-mkt'),
    questions: fc.uniqueArray(fc.constantFrom(...combinable), {
      maxLength: 2,
      selector: ({ pairs }) => pairs[0]?.[0] ?? '',
    }),
    key: fc.constantFrom(...sortKeys),
    limit: fc.integer({ min: 1, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ seed, size, token, questions, key, limit }) => {
      const generated = generateCatalogue({ seed, size });
      const ims = createEmbeddedIms({ wallNow: Date.now, catalogue: generated });
      const { url } = await ims.listen();
      const matches = visibleTo(generated.projects.get(token) ?? '', generated).filter((image) =>
        questions.every(({ selects }) => selects(image)),
      );
      const expected = idsOf(sortedBy(key, matches));
      const pairs: Pairs = [...questions.flatMap((q) => q.pairs), ['sort_key', key], ['limit', String(limit)]];
      try {
        expect(await walk(url, token, [...pairs, ['sort_dir', 'asc']])).toEqual(expected);
        expect(await walk(url, token, [...pairs, ['sort_dir', 'desc']])).toEqual(expected.toReversed());
      } finally {
        await ims.close();
      }
    }),
    { numRuns: 80 },
  );
}, 60_000);

describe('limit', () => {
  test('without a limit a page holds 500 images, and more are not to be had', async () => {
    const { ids } = await startEmbedded({ catalogue: generateCatalogue({ seed: 5, size: 1500 }) });
    expect(await ids([])).toHaveLength(500);
    expect(await ids([['limit', '501']])).toHaveLength(500);
    expect(await ids([['limit', '499']])).toHaveLength(499);
  });

  test('a smaller maximum caps the default and what is asked, without an error', async () => {
    const { ids } = await startEmbedded({ maxLimit: 10 });
    expect(await ids([])).toHaveLength(10);
    expect(await ids([['limit', '99999999999999999999999']])).toHaveLength(10);
  });
});

describe('marker', () => {
  test('the page starts after the marker, which need not match the search itself', async () => {
    const { ids } = await startEmbedded();
    const ascending = sortedBy('name', visible);
    const marker = ascending.findIndex((image) => image['__platform'] === 'Debian');
    const expected = ascending.slice(marker + 1).filter((image) => image['__platform'] === 'Ubuntu');
    const query: Pairs = [
      ['__platform', 'Ubuntu'],
      ['sort_key', 'name'],
      ['sort_dir', 'asc'],
      ['marker', ascending[marker]?.id ?? ''],
    ];
    expect(expected.length).toBeGreaterThan(0);
    expect(await ids(query)).toEqual(idsOf(expected));
  });

  test('a pending image, listed nowhere, serves as a marker', async () => {
    const { ids } = await startEmbedded();
    const pending = '10a02991-29b8-4877-965b-980db2550f92';
    const createdAt = String(catalogue.images.find(({ id }) => id === pending)?.['created_at']);
    const older = await ids([['marker', pending]]);
    expect(older).toEqual(
      idsOf(
        sortedBy('created_at', visible)
          .toReversed()
          .filter((i) => String(i['created_at']) < createdAt),
      ),
    );
    expect(older).not.toContain(pending);
  });

  test('an image asked by id is on the page only if it comes after the marker', async () => {
    const { ids } = await startEmbedded();
    const [first = '', second = ''] = await ids([['limit', '2']]);
    expect(
      await ids([
        ['id', second],
        ['marker', first],
      ]),
    ).toEqual([second]);
    expect(
      await ids([
        ['id', first],
        ['marker', second],
      ]),
    ).toEqual([]);
    expect(
      await ids([
        ['id', first],
        ['marker', first],
      ]),
    ).toEqual([]);
    expect(
      await ids([
        ['id', first],
        ['marker', second],
        ['sort_dir', 'asc'],
      ]),
    ).toEqual([first]);
  });
});
