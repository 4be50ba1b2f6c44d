import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { bodyToPage } from '../../src/upstream/answer.ts';
import { createKnownImages } from '../../src/upstream/known-images.ts';
import { PIECE_BYTES, parsePieces } from '../../src/upstream/pieces.ts';
import { imagesOfWhole, longBodies, outcomeOf } from './list-bodies.ts';

const { images } = generateCatalogue({ seed: 4, size: 500 });
const windowBody = Buffer.from(JSON.stringify({ images }));
const knowsNone = createKnownImages(0);

test('a long answer is what JSON.parse makes of it, whether its images are known or not', async () => {
  let inPieces = 0;
  await fc.assert(
    fc.asyncProperty(longBodies, async (body) => {
      const expected = imagesOfWhole(body);
      const { length: sizeBytes } = body;
      const page = expected === null ? expect.any(String) : { images: expected, again: expected, sizeBytes };
      const known = createKnownImages(4_000_000);
      for (const of of [knowsNone, known, known, known]) expect(await outcomeOf(body, of)).toEqual(page);

      const work = parsePieces(body);
      let step = work.next();
      while (!step.done) step = work.next();
      expect([null, expected]).toContainEqual(step.value);
      if (step.value !== null) inPieces += 1;
    }),
    { numRuns: 150 },
  );
  expect(inPieces).toBeGreaterThan(40);
});

test.each([
  ['nothing is known', 0],
  ['images are known', 8_000_000],
])('a window of 500 rows is read in several turns of the event loop, and again too, where %s', async (_, maxBytes) => {
  const known = createKnownImages(maxBytes);
  const least = Math.floor(windowBody.length / PIECE_BYTES);
  expect(least).toBeGreaterThan(3);
  for (let time = 0; time < 3; time += 1) {
    let turns = 0;
    let other = setImmediate(function count() {
      turns += 1;
      other = setImmediate(count);
    });
    const page = await bodyToPage(windowBody, {}, known);
    const ofReading = turns;
    expect(page.images).toEqual(images);
    turns = 0;
    expect((await page.readAgain?.()) ?? images).toEqual(images);
    clearImmediate(other);
    expect(ofReading).toBeGreaterThanOrEqual(least);
    if (page.readAgain !== undefined) expect(turns).toBeGreaterThanOrEqual(least);
  }
});

test('a page of a usual size is read at once', () => {
  const body = Buffer.from(JSON.stringify({ images: images.slice(0, 20) }));
  expect(bodyToPage(body, {}, knowsNone)).toMatchObject({ images: images.slice(0, 20) });
});

test('a long answer that cannot be used is told by its first image that is none', async () => {
  const broken = images.map((image, at) => (at >= 300 ? { ...image, id: '' } : image));
  const body = Buffer.from(JSON.stringify({ images: broken }));
  const outcome = await outcomeOf(body, knowsNone);
  expect(outcome).toMatch('expected an id on every image, but image 300 of 500 has none');
});

test('who aborts while a long answer is read gets the reason, and no more of it is read', async () => {
  const leaver = new AbortController();
  const reading = bodyToPage(windowBody, {}, knowsNone, leaver.signal);
  leaver.abort(new Error('left'));
  await expect(reading).rejects.toThrow('left');
});
