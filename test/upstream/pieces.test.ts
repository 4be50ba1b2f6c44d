import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { bodyToPage } from '../../src/upstream/answer.ts';
import { createKnownImages } from '../../src/upstream/known-images.ts';
import { PIECE_BYTES, parsePieces } from '../../src/upstream/pieces.ts';
import { countTurns } from '../support/turns.ts';
import { bodies, bodyOf, imagesOfWhole, longBodies, outcomeOf } from './list-bodies.ts';

const { images } = generateCatalogue({ seed: 4, size: 500 });
const windowBody = Buffer.from(JSON.stringify({ images }));
const usualBody = Buffer.from(JSON.stringify({ images: images.slice(0, 20) }));
const LEAST_PIECES = Math.floor(windowBody.length / PIECE_BYTES);
const knowsNone = createKnownImages(0);

/** What comes of reading pieces, and how many they are. */
function readPieces(body: Buffer, pieceBytes?: number) {
  const work = parsePieces(body, pieceBytes);
  let pieces = 0;
  for (;;) {
    const { done, value } = work.next();
    if (done) return { images: value, pieces };
    pieces += 1;
  }
}

test('pieces, as short as one image or a few, give what JSON.parse makes of the whole, or nothing', () => {
  let inPieces = 0;
  fc.assert(
    fc.property(bodies, fc.integer({ min: 1, max: 120 }), (body, pieceBytes) => {
      const read = readPieces(body, pieceBytes);
      expect([null, imagesOfWhole(body)]).toContainEqual(read.images);
      if (read.images !== null && read.pieces > 1) inPieces += 1;
    }),
    { numRuns: 10_000 },
  );
  expect(inPieces).toBeGreaterThan(500);
});

test('a long answer is what JSON.parse makes of it, whether its images are known or not', async () => {
  await fc.assert(
    fc.asyncProperty(longBodies, async (body) => {
      const expected = imagesOfWhole(body);
      const page = { images: expected, again: expected, sizeBytes: body.length };
      const known = createKnownImages(4_000_000);
      for (const of of [knowsNone, known, known, known]) {
        expect(await outcomeOf(body, of)).toEqual(expected === null ? expect.any(String) : page);
      }
    }),
    { numRuns: 100 },
  );
});

test('a window of 500 rows is read in pieces of some hundred rows, but where one of them may be cut at a wrong place', () => {
  expect(LEAST_PIECES).toBeGreaterThan(3);
  expect(readPieces(windowBody).pieces).toBeGreaterThanOrEqual(LEAST_PIECES);
  expect(readPieces(windowBody).pieces).toBeLessThanOrEqual(LEAST_PIECES + 1);
  const misleading = images.map((image) => ({ ...image, list: [{}, {}] }));
  expect(readPieces(Buffer.from(JSON.stringify({ images: misleading }))).images).toBeNull();
});

test('known images are read in pieces too', () => {
  const known = createKnownImages(8_000_000);
  for (const areKnown of [undefined, false, true]) {
    const work = known.read(windowBody);
    let pieces = 0;
    let step = work?.next();
    for (; step?.done === false; step = work?.next()) pieces += 1;
    expect(step?.value?.areKnown).toBe(areKnown);
    expect(pieces).toBeGreaterThanOrEqual(areKnown === undefined ? 0 : LEAST_PIECES);
    expect(pieces).toBeLessThanOrEqual(LEAST_PIECES + 1);
  }
});

test.each([
  ['nothing is known', 0],
  ['images are known', 8_000_000],
])('a page of a usual size is read at once, and a window has to wait for its turn, where %s', async (_, maxBytes) => {
  const known = createKnownImages(maxBytes);
  for (let time = 0; time < 3; time += 1) {
    expect(bodyToPage(usualBody, {}, known)).toMatchObject({ images: images.slice(0, 20) });
    using turns = countTurns();
    const page = await bodyToPage(windowBody, {}, known);
    expect(turns.now()).toBeGreaterThan(0);
    expect(page.images).toEqual(images);
    expect((await page.readAgain?.()) ?? images).toEqual(images);
  }
});

test('windows that arrive together are read one piece after the other, and not all in one turn', async () => {
  using turns = countTurns();
  const pages = await Promise.all(Array.from({ length: 30 }, async () => bodyToPage(windowBody, {}, knowsNone)));
  expect(pages).toHaveLength(30);
  // Each at a pace of its own, all would be read in as many turns as one has pieces.
  expect(turns.now()).toBeGreaterThan(2 * (LEAST_PIECES + 1));
});

test('a long answer that cannot be used is told by its first image that is none', async () => {
  const broken = images.map((image, at) => (at >= 300 ? { ...image, id: '' } : image));
  const body = Buffer.from(JSON.stringify({ images: broken }));
  const outcome = await outcomeOf(body, knowsNone);
  expect(outcome).toMatch('expected an id on every image, but image 300 of 500 has none');
});

test('a part of what arrived with it is not what is read again', async () => {
  const arrived = Buffer.concat([bodyOf('{"id":"a","name":"own"}'), Buffer.alloc(100_000)]);
  const body = arrived.subarray(0, arrived.indexOf(0));
  const { readAgain } = await bodyToPage(body, {}, knowsNone);
  arrived.fill(0);
  expect(await readAgain?.()).toEqual([{ id: 'a'.repeat(36), name: 'own' }]);
});

test('braces without end are looked through no farther than an image is long', () => {
  const braces = Buffer.from(`{"images":[{"id":"a","value":"${'}'.repeat(4_000_000)}"},{"id":"b"}]}`);
  const known = createKnownImages(16_000_000);
  expect(known.read(braces)).toBeNull();
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now();
    expect(readPieces(braces).images).toBeNull();
    for (const _ of known.read(braces) ?? expect.unreachable());
    return performance.now() - began;
  });
  // To their end they would take hundreds of milliseconds.
  expect(Math.min(...times)).toBeLessThan(150);
});
