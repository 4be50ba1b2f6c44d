import fc from 'fast-check';
import { bodyToPage } from '../../src/upstream/answer.ts';
import type { KnownImages } from '../../src/upstream/known-images.ts';

/** Ids of one letter stand for some that are as long as a UUID. */
const withLongIds = (text: string): string =>
  text.replaceAll(/"([a-z])"/g, (_, letter: string) => `"${letter.repeat(36)}"`);

/** An answer of these images. */
export const bodyOf = (...images: readonly string[]): Buffer =>
  Buffer.from(withLongIds(`{"images":[${images.join(',')}]}`));

/** What an answer is read as: its images, or what is wrong with it. */
export async function outcomeOf(body: Buffer, known: KnownImages): Promise<unknown> {
  try {
    const { images, readAgain, sizeBytes } = await bodyToPage(body, {}, known);
    const again = (await readAgain?.()) ?? images;
    return { images, again, sizeBytes };
  } catch (error) {
    return String(error);
  }
}

/** What `JSON.parse` makes of an answer as a whole: its images; null if they cannot be used. */
export function imagesOfWhole(body: Buffer): unknown {
  try {
    const { images } = JSON.parse(body.toString().replace(/^\uFEFF/, ''));
    return images.every(({ id }: any) => typeof id === 'string' && id !== '') ? images : null;
  } catch {
    return null;
  }
}

/** Images, one by one, as upstream may write them. */
export const sound = [
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
const separatorWith = (weight: number) =>
  fc.oneof({ arbitrary: fc.constantFrom(',', ', ', ' ,\n'), weight }, fc.constantFrom(',,', ';', ''));
const opening = fc.oneof(
  { arbitrary: fc.constant('{"images":['), weight: 20 },
  fc.constantFrom('{ "images" : [ ', '\uFEFF{"images":[', '{"first":1,"images":[', '{"images":{', '["images",', ''),
);
const closing = fc.oneof(
  { arbitrary: fc.constant(']}'), weight: 20 },
  fc.constantFrom(' ] }\n', '],"next":"/v1"}', '],"images":[]}', ']}}', '] null}', ']', '', ']} null'),
);

/** A place within an answer, in thousandths; most often none. */
const seldom = fc.oneof({ arbitrary: fc.constant(null), weight: 20 }, fc.nat(1000));

/** Answers of a few images, and what is nearly one. */
export const bodies = bodiesOf(fc.array(fc.tuple(piece, separatorWith(8), space), { maxLength: 4 }));

/** An image with a long value, of what would be something else outside of it. */
const longImage = fc
  .tuple(
    fc.oneof({ arbitrary: fc.constantFrom('x', '华', '"id":'), weight: 30 }, fc.constantFrom('}, {', '},{"id":"a"},{')),
    fc.constantFrom(500, 5000, 60_000, 150_000),
  )
  .map(([text, length]) => JSON.stringify({ id: 'l'.repeat(36), value: text.repeat(length / text.length) }));

/** Answers that are read in several pieces, where they begin and end as they should. */
export const longBodies = bodiesOf(
  fc.array(
    fc.tuple(
      fc.oneof({ arbitrary: longImage, weight: 20 }, { arbitrary: fc.constantFrom(...sound), weight: 20 }, piece),
      separatorWith(60),
      fc.constantFrom('', '', ' ', '\r\n  '),
    ),
    { minLength: 6, maxLength: 24 },
  ),
);

function bodiesOf(images: fc.Arbitrary<[image: string, between: string, gap: string][]>): fc.Arbitrary<Buffer> {
  return fc
    .record({
      opening,
      images,
      closing,
      cut: seldom,
      wrongByte: seldom,
    })
    .map((parts) => {
      const list = parts.images
        .map(([image, between, gap], at) => (at === 0 ? '' : between + gap) + image + gap)
        .join('');
      const body = Buffer.from(withLongIds(parts.opening + list + parts.closing));
      const placeAt = (thousandth: number): number => Math.floor((body.length * thousandth) / 1001);
      // Half a character, where one or another was.
      if (parts.wrongByte !== null) body[placeAt(parts.wrongByte)] = 0xe5;
      return parts.cut === null ? body : body.subarray(0, placeAt(parts.cut));
    });
}
