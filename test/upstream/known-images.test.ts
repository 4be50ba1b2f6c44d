import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inTurns } from '../../src/pace.ts';
import { bodyToPage } from '../../src/upstream/answer.ts';
import { createKnownImages, type KnownImages, type Reading } from '../../src/upstream/known-images.ts';
import { bodies, bodyOf, outcomeOf, sound } from './list-bodies.ts';

const outcomeAlone = (body: Buffer) => outcomeOf(body, createKnownImages(0));

async function readingOf(known: KnownImages, body: Buffer): Promise<Reading | null> {
  const work = known.read(body);
  return work === null ? null : inTurns(work);
}

describe('images that are known', () => {
  it('are what JSON.parse makes of every answer, whatever answers came before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bodies, { maxLength: 12 }),
        fc.constantFrom(1500, 4000, 100_000),
        async (all, maxBytes) => {
          const known = createKnownImages(maxBytes);
          for (let time = 0; time < 2; time += 1) for (const image of sound) await bodyToPage(bodyOf(image), {}, known);
          for (const body of [...all, ...all, ...all]) {
            expect(await outcomeOf(body, known), body.toString('latin1')).toEqual(await outcomeAlone(body));
            expect(known.size().bytes).toBeLessThanOrEqual(maxBytes);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('are the same objects from the third time on, in whatever order and company they come', async () => {
    const known = createKnownImages(10_000);
    const [a, b, c] = ['{"id":"a","n":1}', '{"id":"b","n":2}', '{"id":"c","n":3}'] as const;
    const read = async (...images: readonly string[]) => bodyToPage(bodyOf(...images), {}, known);
    expect(await readingOf(known, bodyOf(a, b))).toBeNull();
    await read(a, b);
    const second = await read(a, b);
    const third = await read(b, a);
    expect(third.images[0]).toBe(second.images[1]);
    expect(third.images[1]).toBe(second.images[0]);
    expect(third.readAgain).toBeUndefined();
    const mixed = await read(a, c, b);
    expect([mixed.images[0], mixed.images[2]]).toEqual([second.images[0], second.images[1]]);
    expect(mixed.images[0]).toBe(second.images[0]);
    expect(await mixed.readAgain?.()).toEqual(mixed.images);
    expect(known.size().images).toBe(3);
  });

  it('are others as soon as a byte is, and as before once it is as before', async () => {
    const known = createKnownImages(10_000);
    const one = bodyOf('{"id":"a","status":"active"}');
    const other = bodyOf('{"id":"a","status":"killed"}');
    for (const body of [one, one, one, other, one, other, other, one]) {
      expect(await outcomeOf(body, known)).toEqual(await outcomeAlone(body));
    }
  });

  it('hold on to no answer', async () => {
    const known = createKnownImages(10_000);
    const body = bodyOf('{"id":"a","name":"first"}');
    const nameIn = async (from: Buffer) => (await bodyToPage(from, {}, known)).images[0]?.['name'];
    for (let time = 0; time < 2; time += 1) await nameIn(body);
    // What arrives later may take the place of what was read.
    const name = await nameIn(body);
    body.write('x', body.indexOf('first'));
    expect(name).toBe('first');
    expect(await nameIn(body)).toBe('xirst');
    expect(await nameIn(bodyOf('{"id":"a","name":"first"}'))).toBe('first');
  });

  it('are not read one by one where they are forgotten before they come again', async () => {
    const known = createKnownImages(100_000);
    const pages = Array.from({ length: 40 }, (_, number) =>
      bodyOf(
        ...Array.from({ length: 20 }, (_one, at) =>
          JSON.stringify({ id: `${number}-${at}-`.padEnd(36, '0'), padding: 'x'.repeat(450) }),
        ),
      ),
    );
    for (let time = 0; time < 3; time += 1) {
      for (const body of pages) expect(await readingOf(known, body)).toBeNull();
    }
    // Fewer are known the second time that they come, and from then on.
    const few = pages.slice(0, 4);
    for (const areKnown of [undefined, false, true]) {
      for (const body of few) expect((await readingOf(known, body))?.areKnown).toBe(areKnown);
    }
  });

  it('are not looked for where images tell no ids that can be found, or are more than could be known', async () => {
    const known = createKnownImages(8_000_000);
    const hidden = `{"\\u0069d":"${'h'.repeat(36)}"}`;
    const body = bodyOf('{"id":"a"}', ...Array<string>(100_000).fill(hidden), '{"id":"b"}');
    expect(body.length).toBeLessThan(8_000_000);
    for (let time = 0; time < 3; time += 1) expect(await readingOf(known, body)).toBeNull();
    const large = bodyOf(JSON.stringify({ id: 'a', padding: 'x'.repeat(8_000_000) }));
    for (let time = 0; time < 3; time += 1) expect(await readingOf(known, large)).toBeNull();
  });
});
