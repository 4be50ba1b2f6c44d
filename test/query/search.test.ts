import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Catalogue } from '../../src/embedded/catalogue.ts';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { simplifySorting, type Sorting } from '../../src/image/sorting.ts';
import type { WireImage } from '../../src/image/source.ts';
import { visibleTo } from '../embedded/oracle.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { relayPage } from '../support/relay.ts';
import { inOrder, type Key, leaves, type Meaning, meanings, orders } from '../support/search-oracle.ts';
import { imageToCursor } from '../support/image-to-cursor.ts';

const query = `
  query ($first: Int, $last: Int, $after: String, $before: String, $filter: ImageFilter, $orderBy: [ImageOrder!]) {
    images(first: $first, last: $last, after: $after, before: $before, filter: $filter, orderBy: $orderBy) {
      edges { node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

/** A made-up catalogue whose versions are worth sorting. */
function catalogueOf(of: { seed: number; size: number }): Catalogue {
  const catalogue = generateCatalogue(of);
  const images = catalogue.images.map((image, i) =>
    '__os_version' in image
      ? { ...image, __os_version: `${i % 2 ? 'CentOS' : 'centos'} ${i % 13}.0${i % 7} 64bit` }
      : image,
  );
  return { ...catalogue, images };
}

const idsOf = (images: readonly { readonly id: string }[]): string[] => images.map(({ id }) => id);

interface Walk {
  readonly meaning: Meaning;
  readonly orderBy: readonly Key[];
  readonly size: number;
  readonly backward: boolean;
}

/** Pages from one end of the list to the other; `between` runs after each page. */
async function walk(
  gateway: TestGateway,
  { meaning, orderBy, size, backward }: Walk,
  between = (_ids: string[]) => {},
) {
  const found: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const window: Record<string, unknown> = backward ? { last: size, before: cursor } : { first: size, after: cursor };
    const answer = await gateway.ask(query, { ...window, filter: meaning.filter, orderBy });
    expect(answer.errors).toBeUndefined();
    const { edges, pageInfo } = answer.data.images;
    const ids = edges.map(({ node }: { node: { id: string } }) => node.id);
    if (backward) found.unshift(...ids);
    else found.push(...ids);
    const more = backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
    expect(backward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage).toBe(cursor !== null);
    if (!more) return found;
    expect(ids).toHaveLength(size);
    cursor = backward ? pageInfo.startCursor : pageInfo.endCursor;
    between(ids);
  }
}

const walks = fc.record({
  meaning: meanings,
  orderBy: orders,
  size: fc.integer({ min: 5, max: 100 }),
  backward: fc.boolean(),
});

/** Windows of a whole list: full ones, the last one, and the empty one that tells that it was the last. */
const windowsOf = (rows: number): number => Math.ceil(rows / 500) + 1;

test.each(leaves.map((meaning) => [JSON.stringify(meaning.filter), meaning] as const))(
  '%s finds exactly what it says, and so do its opposite and its part of an alternative',
  async (_filter, meaning) => {
    const catalogue = catalogueOf({ seed: 7, size: 400 });
    await using gateway = await startTestGateway({ catalogue });
    const visible = inOrder(visibleTo(catalogue.projects.get('demo') ?? '', catalogue), [
      { field: 'CREATED_AT', direction: 'DESC' },
    ]);
    const counted =
      'query ($filter: ImageFilter) { images(first: 100, filter: $filter) { totalCount edges { node { id } } } }';
    const named: Meaning = { filter: { name: 'web-base' }, selects: (image) => image['name'] === 'web-base' };
    for (const [filter, selects] of [
      [meaning.filter, meaning.selects],
      [{ not: meaning.filter }, (image) => !meaning.selects(image)],
      [{ or: [meaning.filter, named.filter] }, (image) => meaning.selects(image) || named.selects(image)],
    ] as const satisfies readonly (readonly [unknown, Meaning['selects']])[]) {
      const { data, errors } = await gateway.ask(counted, { filter });
      const expected = idsOf(visible.filter(selects));
      expect(errors).toBeUndefined();
      expect(data.images.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(expected.slice(0, 100));
      expect(data.images.totalCount).toBe(expected.length);
    }
  },
);

test.each([
  { size: 120, numRuns: 60 },
  { size: 1200, numRuns: 12 },
  { size: 5000, numRuns: 3 },
])(
  'any filter in any order, walked in either direction over $size images, gives every image once and in order',
  async ({ size, numRuns }) => {
    const catalogue = catalogueOf({ seed: size, size });
    const visible = visibleTo(catalogue.projects.get('demo') ?? '', catalogue);
    await fc.assert(
      fc.asyncProperty(walks, async (asked) => {
        await using gateway = await startTestGateway({ catalogue });
        const expected = idsOf(inOrder(visible.filter(asked.meaning.selects), asked.orderBy));
        const pages = Math.max(1, Math.ceil(expected.length / asked.size));
        expect(await walk(gateway, asked)).toEqual(expected);
        // Either each page is one request, or all pages share the windows of one list.
        const requests = gateway.takeRequests();
        const isPushed = requests.every((one) => one.includes(`limit=${asked.size + 1}&`));
        expect(requests.length).toBeLessThanOrEqual(isPushed ? pages : windowsOf(visible.length));
        expect(requests.every((one) => one.includes(`limit=${asked.size + 1}&`) || one.includes('limit=500&'))).toBe(
          true,
        );
      }),
      { numRuns },
    );
  },
  120_000,
);

const pages = fc.record({
  meaning: meanings,
  orderBy: orders,
  size: fc.integer({ min: 1, max: 30 }),
  backward: fc.boolean(),
  after: fc.option(fc.nat(9999), { nil: undefined }),
  before: fc.option(fc.nat(9999), { nil: undefined }),
});

test('between any two cursors, a page of any filter and order is the one that the Relay algorithm cuts', async () => {
  const catalogue = catalogueOf({ seed: 21, size: 300 });
  const visible = visibleTo(catalogue.projects.get('demo') ?? '', catalogue);
  await using gateway = await startTestGateway({ catalogue });
  await fc.assert(
    fc.asyncProperty(pages, async ({ meaning, orderBy, size, backward, ...fractions }) => {
      const list = inOrder(visible.filter(meaning.selects), orderBy);
      const sorting = simplifySorting(orderBy as unknown as Sorting);
      const cursorOf = (image: WireImage | undefined) => image && imageToCursor(image, ...sorting);
      const at = (fraction: number | undefined) => (fraction === undefined ? undefined : list[fraction % list.length]);
      const [after, before] = [at(fractions.after), at(fractions.before)];
      const count = backward ? { last: size } : { first: size };
      const expected = relayPage(idsOf(list), { ...count, after: after?.id, before: before?.id });
      const variables = { ...count, after: cursorOf(after), before: cursorOf(before), filter: meaning.filter, orderBy };
      const { data, errors } = await gateway.ask(query, variables);
      expect(errors).toBeUndefined();
      const { edges, pageInfo } = data.images;
      expect(edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(expected.ids);
      expect(pageInfo).toMatchObject({ hasNextPage: expected.hasNextPage, hasPreviousPage: expected.hasPreviousPage });
    }),
    { numRuns: 150 },
  );
}, 120_000);

test('images that are added and removed between pages cost none of those that stayed, and none comes twice', async () => {
  const whole = catalogueOf({ seed: 3, size: 900 });
  const project = whole.projects.get('demo') ?? '';
  const changes = fc.record({
    walk: walks,
    absent: fc.integer({ min: 2, max: 9 }),
    gone: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(changes, async ({ walk: asked, absent, gone }) => {
      // Some images come later, and of each page some of the last ones go, among them the one that the cursor is of.
      let images = whole.images.filter((_, i) => i % absent !== 0);
      const stayed = new Set(idsOf(images));
      await using gateway = await startTestGateway({
        catalogue: { ...whole, images },
        env: { CACHE_FRESH_MS: '0', SCAN_MAX_WINDOWS: '100' },
      });
      const later = whole.images.filter((_, i) => i % absent === 0);
      const found = await walk(gateway, asked, (ids) => {
        const ends = new Set(asked.backward ? ids.slice(0, gone) : ids.slice(-gone));
        images = [...images.filter(({ id }) => !ends.has(id)), ...later.splice(0, 3)];
        for (const id of ends) stayed.delete(id);
        gateway.ims.replaceCatalogue({ ...whole, images });
      });
      const expected = inOrder(visibleTo(project, whole).filter(asked.meaning.selects), asked.orderBy);
      expect(new Set(found).size).toBe(found.length);
      expect(found.filter((id) => stayed.has(id))).toEqual(idsOf(expected).filter((id) => stayed.has(id)));
    }),
    { numRuns: 30 },
  );
}, 120_000);
