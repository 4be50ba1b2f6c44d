import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { type ImageQuery } from '../../src/image/query-string.ts';
import type { ImagePage } from '../../src/image/source.ts';
import type { Tally } from '../../src/query/count.ts';
import { planPage, WINDOW_SIZE } from '../../src/query/page.ts';
import { createMatches, ROWS_PER_TURN } from '../../src/scan/read-matches.ts';
import { readPage } from '../../src/scan/read-page.ts';
import { createWindowReader } from '../../src/scan/window-reader.ts';

const { images } = generateCatalogue({ seed: 2, size: 5000 });

/** Windows that are there at once, as those of a cache are. */
const listImages = async (query: ImageQuery): Promise<ImagePage> => {
  const marker = new URLSearchParams(query).get('marker') ?? undefined;
  const start = images.findIndex(({ id }) => id === marker) + 1;
  return { images: images.slice(start, start + WINDOW_SIZE), sizeBytes: 1, requests: 0 };
};

// Something else that the process has to do: it counts its turns.
let turn = 0;
let other: NodeJS.Immediate;
const takeTurn = (): void => {
  turn += 1;
  other = setImmediate(takeTurn);
};
beforeEach(takeTurn);
afterEach(() => clearImmediate(other));

test('between any two windows of a page the other work of the process gets its turn', async () => {
  const asked: number[] = [];
  const listWhen = (query: ImageQuery): Promise<ImagePage> => {
    asked.push(turn);
    return listImages(query);
  };
  const plan = planPage({ orderBy: [{ field: 'UPDATED_AT', direction: 'DESC' }] });
  await readPage(plan, { listImages, windows: createWindowReader(listWhen, 20) });

  // The last one is empty.
  expect(asked).toHaveLength(images.length / WINDOW_SIZE + 1);
  expect(new Set(asked).size).toBe(asked.length);
});

test('all that is counted beside a page, together, looks at no more than some rows in one turn', async () => {
  const matches = createMatches(planPage({}), createWindowReader(listImages, 20));
  const rowsByTurn = new Map<number, number>();
  const rowsTaken = (): Tally<number> => {
    let rows = 0;
    return {
      take({ length }) {
        rows += length;
        rowsByTurn.set(turn, (rowsByTurn.get(turn) ?? 0) + length);
      },
      result: () => rows,
    };
  };
  const results = await Promise.all(Array.from({ length: 8 }, () => matches.tally(null, rowsTaken())));

  expect(results).toEqual(Array.from({ length: 8 }, () => images.length));
  expect(Math.max(...rowsByTurn.values())).toBe(ROWS_PER_TURN);
  expect(rowsByTurn.size).toBe((8 * images.length) / ROWS_PER_TURN);
});
