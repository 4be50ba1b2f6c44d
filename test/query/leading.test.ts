import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import type { Grouping } from '../../src/image/facets.ts';
import { latestOf } from '../../src/query/count.ts';
import { createLeading } from '../../src/query/leading.ts';

const byKey = (a: { readonly key: number }, b: { readonly key: number }): number => a.key - b.key;

test('the leading items are the first ones of a stable sort, and what is refused is none of them', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 });
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 12 }), (given, size) => {
      const items = given.map((key, at) => ({ key, at }));
      const leading = createLeading(size, byKey);
      const refused = items.filter((item) => !leading.offer(item));

      expect(leading.items).toEqual(items.toSorted(byKey).slice(0, size));
      expect(refused.filter((item) => leading.items.includes(item))).toEqual([]);
    }),
  );
});

test('the first groups are those of all groups, whatever parts the images come in', () => {
  const { images } = generateCatalogue({ seed: 3, size: 400 });
  const groupings: readonly (readonly Grouping[])[] = [
    ['NAME'],
    ['OS_VERSION', 'PLATFORM'],
    ['PLATFORM', 'OS_VERSION', 'OS_BIT'],
  ];
  const all = new Map(
    groupings.map((by) => {
      const tally = latestOf(by, images.length);
      tally.take(images);
      return [by, tally.result()];
    }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...groupings),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 150 }),
      (by, first, part) => {
        const tally = latestOf(by, first);
        for (let start = 0; start < images.length; start += part) tally.take(images.slice(start, start + part));
        expect(tally.result()).toEqual(all.get(by)?.slice(0, first));
      },
    ),
  );
});
