import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyToPage } from '../../src/upstream/answer.ts';
import { createKnownImages, type KnownImages } from '../../src/upstream/known-images.ts';

/** Ids of one letter stand for some that are as long as a UUID. */
const withLongIds = (text: string): string =>
  text.replaceAll(/"([a-z])"/g, (_, letter: string) => `"${letter.repeat(36)}"`);

const bodyOf = (...images: readonly string[]): Buffer => Buffer.from(withLongIds(`{"images":[${images.join(',')}]}`));

/** What an answer is read as: its images, or what is wrong with it. */
function outcomeOf(body: Buffer, known: KnownImages): unknown {
  try {
    const { images, readAgain, sizeBytes } = bodyToPage(body, {}, known);
    const again = readAgain?.() ?? images;
    return { images, again, sizeBytes };
  } catch (error) {
    return String(error);
  }
}

const outcomeAlone = (body: Buffer): unknown => outcomeOf(body, createKnownImages(0));

const sound = [
  '{"id":"a"}',
  '{"id":"b","name":"华为 ☁"}',
  '{"id":"b","name":"another"}',
  '{"name":"}, {","id":"c"}',
  '{"id":"c","tags":["x1","y1"]}',
  '{"id":"d","list":[{"id":"e"},{"id":"f"}]}',
  '{"owner":{"id":"a"},"id":"g"}',
  '{ "id" : "a" }',
  '{"\\u0069d":"h","note":"\\"id\\":\\"a\\""}',
  '{"id":"a","id":"i"}',
  '{"__proto__":{"id":"a"},"id":"j"}',
  '{"id":"\\u00e9\\ud83d"}',
  '{"id":"é"}',
  '{"id":"short"}',
  `{"id":"${'k'.repeat(200)}"}`,
];

/** What is no image, or more than one. */
const unsound = [
  '{"name":"no id"}',
  '{"id":""}',
  '{"id":5}',
  '{"id":"a"}}',
  '{"id":"a"},',
  '{"id":"a"} {"id":"b"}',
  '{"id":"a"',
  '["id","a"]',
  'null',
  '',
];

const piece = fc.oneof({ arbitrary: fc.constantFrom(...sound), weight: 5 }, fc.constantFrom(...unsound));
const space = fc.constantFrom('', '', '', ' ', '\n\t', '\r\n  ', '\u00A0');
const separator = fc.oneof({ arbitrary: fc.constant(','), weight: 8 }, fc.constantFrom(', ', ' ,\n', ',,', ';', ''));
const opening = fc.oneof(
  { arbitrary: fc.constant('{"images":['), weight: 8 },
  fc.constantFrom('{ "images" : [ ', '\uFEFF{"images":[', '{"first":1,"images":[', '{"images":{', '["images",', ''),
);
const closing = fc.oneof(
  { arbitrary: fc.constant(']}'), weight: 8 },
  fc.constantFrom(' ] }\n', '],"next":"/v1"}', '],"images":[]}', ']}}', '] null}', ']', '', ']} null'),
);

const bodies = fc
  .record({
    opening,
    images: fc.array(fc.tuple(piece, separator, space), { maxLength: 4 }),
    closing,
    cut: fc.option(fc.nat(300), { freq: 20 }),
    wrongByte: fc.option(fc.nat(300), { freq: 20 }),
  })
  .map((parts) => {
    const list = parts.images
      .map(([image, between, gap], at) => (at === 0 ? '' : between + gap) + image + gap)
      .join('');
    const body = Buffer.from(withLongIds(parts.opening + list + parts.closing));
    // Half a character, where one or another was.
    if (parts.wrongByte !== null && parts.wrongByte < body.length) body[parts.wrongByte] = 0xe5;
    return parts.cut === null ? body : body.subarray(0, parts.cut);
  });

describe('images that are known', () => {
  it('are what JSON.parse makes of every answer, whatever answers came before', () => {
    fc.assert(
      fc.property(fc.array(bodies, { maxLength: 12 }), fc.constantFrom(1500, 4000, 100_000), (all, maxBytes) => {
        const known = createKnownImages(maxBytes);
        for (let time = 0; time < 2; time += 1) for (const image of sound) bodyToPage(bodyOf(image), {}, known);
        for (const body of [...all, ...all, ...all]) {
          expect(outcomeOf(body, known), body.toString('latin1')).toEqual(outcomeAlone(body));
          expect(known.size().bytes).toBeLessThanOrEqual(maxBytes);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('are the same objects from the third time on, in whatever order and company they come', () => {
    const known = createKnownImages(10_000);
    const [a, b, c] = ['{"id":"a","n":1}', '{"id":"b","n":2}', '{"id":"c","n":3}'] as const;
    const read = (...images: readonly string[]) => bodyToPage(bodyOf(...images), {}, known);
    expect(known.read(bodyOf(a, b))).toBeNull();
    read(a, b);
    const second = read(a, b);
    const third = read(b, a);
    expect(third.images[0]).toBe(second.images[1]);
    expect(third.images[1]).toBe(second.images[0]);
    expect(third.readAgain).toBeUndefined();
    const mixed = read(a, c, b);
    expect([mixed.images[0], mixed.images[2]]).toEqual([second.images[0], second.images[1]]);
    expect(mixed.images[0]).toBe(second.images[0]);
    expect(mixed.readAgain?.()).toEqual(mixed.images);
    expect(known.size().images).toBe(3);
  });

  it('are others as soon as a byte is, and as before once it is as before', () => {
    const known = createKnownImages(10_000);
    const one = bodyOf('{"id":"a","status":"active"}');
    const other = bodyOf('{"id":"a","status":"killed"}');
    for (const body of [one, one, one, other, one, other, other, one]) {
      expect(outcomeOf(body, known)).toEqual(outcomeAlone(body));
    }
  });

  it('hold on to no answer', () => {
    const known = createKnownImages(10_000);
    const body = bodyOf('{"id":"a","name":"first"}');
    for (let time = 0; time < 2; time += 1) bodyToPage(body, {}, known);
    // What arrives later may take the place of what was read.
    const name = bodyToPage(body, {}, known).images[0]?.['name'];
    body.write('x', body.indexOf('first'));
    expect(name).toBe('first');
    expect(bodyToPage(body, {}, known).images[0]?.['name']).toBe('xirst');
    expect(bodyToPage(bodyOf('{"id":"a","name":"first"}'), {}, known).images[0]?.['name']).toBe('first');
  });

  it('are not read one by one where they are forgotten before they come again', () => {
    const known = createKnownImages(100_000);
    const pages = Array.from({ length: 40 }, (_, number) =>
      bodyOf(
        ...Array.from({ length: 20 }, (_one, at) =>
          JSON.stringify({ id: `${number}-${at}-`.padEnd(36, '0'), padding: 'x'.repeat(450) }),
        ),
      ),
    );
    for (let time = 0; time < 3; time += 1) {
      for (const body of pages) expect(known.read(body)).toBeNull();
    }
    // Fewer are known the second time that they come, and from then on.
    const few = pages.slice(0, 4);
    expect(few.map((body) => known.read(body)?.areKnown)).toEqual([undefined, undefined, undefined, undefined]);
    expect(few.map((body) => known.read(body)?.areKnown)).toEqual([false, false, false, false]);
    expect(few.map((body) => known.read(body)?.areKnown)).toEqual([true, true, true, true]);
  });

  it('are not looked for where images tell no ids that can be found, or are more than could be known', () => {
    const known = createKnownImages(8_000_000);
    const hidden = `{"\\u0069d":"${'h'.repeat(36)}"}`;
    const body = bodyOf('{"id":"a"}', ...Array<string>(100_000).fill(hidden), '{"id":"b"}');
    expect(body.length).toBeLessThan(8_000_000);
    for (let time = 0; time < 3; time += 1) expect(known.read(body)).toBeNull();
    const large = bodyOf(JSON.stringify({ id: 'a', padding: 'x'.repeat(8_000_000) }));
    for (let time = 0; time < 3; time += 1) expect(known.read(large)).toBeNull();
  });
});
