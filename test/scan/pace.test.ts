import { expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { type ImageQuery } from '../../src/image/query-string.ts';
import type { ImagePage } from '../../src/image/source.ts';
import { MOST_MS } from '../../src/pace.ts';
import type { Tally } from '../../src/query/count.ts';
import { planPage, WINDOW_SIZE } from '../../src/query/page.ts';
import { createMatches } from '../../src/scan/read-matches.ts';
import { readPage } from '../../src/scan/read-page.ts';
import { createWindowReader } from '../../src/scan/window-reader.ts';
import { countTurns } from '../support/turns.ts';

const { images } = generateCatalogue({ seed: 2, size: 5000 });

/** Windows that are there at once, as those of a cache are. */
const listImages = async (query: ImageQuery): Promise<ImagePage> => {
  const marker = new URLSearchParams(query).get('marker') ?? undefined;
  const start = images.findIndex(({ id }) => id === marker) + 1;
  return { images: images.slice(start, start + WINDOW_SIZE), sizeBytes: 1, requests: 0 };
};

/** Works for as long as anybody may in one turn. */
function keepBusy(): void {
  const untilMs = performance.now() + MOST_MS;
  while (performance.now() < untilMs);
}

test('between any two windows of a page the other work of the process gets its turn', async () => {
  using turns = countTurns();
  const asked: number[] = [];
  const listWhen = (query: ImageQuery): Promise<ImagePage> => {
    asked.push(turns.now());
    return listImages(query);
  };
  const plan = planPage({ orderBy: [{ field: 'UPDATED_AT', direction: 'DESC' }] });
  await readPage(plan, { listImages, windows: createWindowReader(listWhen, 20) });

  // The last one is empty.
  expect(asked).toHaveLength(images.length / WINDOW_SIZE + 1);
  expect(new Set(asked).size).toBe(asked.length);
});

test('and between any two windows of all that is counted beside a page', async () => {
  using turns = countTurns();
  const matches = createMatches(planPage({}), createWindowReader(listImages, 20));
  const counted: number[] = [];
  const countSlowly = (): Tally<number> => {
    let rows = 0;
    return {
      take({ length }) {
        keepBusy();
        rows += length;
        counted.push(turns.now());
      },
      result: () => rows,
    };
  };
  const results = await Promise.all(Array.from({ length: 4 }, () => matches.tally(null, countSlowly())));

  expect(results).toEqual(Array.from({ length: 4 }, () => images.length));
  expect(counted).toHaveLength((4 * images.length) / WINDOW_SIZE);
  expect(new Set(counted).size).toBe(counted.length);
});
