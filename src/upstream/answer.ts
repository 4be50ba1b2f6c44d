import { type UpstreamDetail, UpstreamError } from '../image/errors.ts';
import { isRecord, parseJson } from '../image/json.ts';
import { hasId, type ImagePage, type WireImage } from '../image/source.ts';
import { inTurns, type Work } from '../pace.ts';
import type { KnownImages, Reading } from './known-images.ts';
import { parsePieces } from './pieces.ts';

/**
 * Reads the body of a 200: a long one piece by piece, with turns of the event loop between. Fails with an `UpstreamError`
 * with `upstream`, unless it is an object with a list `images`, all with an id.
 */
export function bodyToPage(body: Buffer, upstream: UpstreamDetail, known: KnownImages): ImagePage | Promise<ImagePage> {
  return inTurns(readPage(body, upstream, known));
}

function* readPage(body: Buffer, upstream: UpstreamDetail, known: KnownImages): Work<ImagePage> {
  const { images, areKnown } = yield* readBody(body, upstream, known);
  const page = { images, sizeBytes: body.length, requests: 1 };
  // Images that are held anyway need no bytes beside them.
  return areKnown ? page : { ...page, readAgain: readerOf(onItsOwn(body), upstream, known) };
}

/** Holds on to nothing but the body. */
const readerOf = (body: Buffer, upstream: UpstreamDetail, known: KnownImages) => () =>
  inTurns(readImages(body, upstream, known));

function* readImages(body: Buffer, upstream: UpstreamDetail, known: KnownImages): Work<readonly WireImage[]> {
  const { images } = yield* readBody(body, upstream, known);
  return images;
}

function* readBody(body: Buffer, upstream: UpstreamDetail, known: KnownImages): Work<Reading> {
  const work = known.read(body);
  const reading = work === null ? null : yield* work;
  if (reading !== null) return reading;
  return { images: (yield* parsePieces(body)) ?? parseImages(body, upstream), areKnown: false };
}

/** The body itself if it is all of its memory, else a copy: it may be a small part of what arrived with it. */
const onItsOwn = (body: Buffer): Buffer => (body.length === body.buffer.byteLength ? body : Buffer.from(body));

function parseImages(body: Buffer, upstream: UpstreamDetail): readonly WireImage[] {
  const invalid = (expectation: string): UpstreamError =>
    new UpstreamError(
      'UPSTREAM_INVALID_RESPONSE',
      `The image service answered what cannot be used: expected ${expectation}.`,
      upstream,
    );

  const text = bodyToText(body);
  const answer = parseJson(text);
  if (answer === undefined) throw invalid(`JSON, but received ${text.length} characters that are not`);
  if (!hasImages(answer)) throw invalid('an object with a list "images"');
  const { images } = answer;
  if (!images.every(hasId)) {
    const broken = images.findIndex((image) => !hasId(image));
    throw invalid(`an id on every image, but image ${broken} of ${images.length} has none`);
  }
  return images;
}

const BYTE_ORDER_MARK = '\uFEFF';

/** A body as text, without a byte order mark; what is not UTF-8 becomes replacement characters. */
export function bodyToText(body: Buffer): string {
  const text = body.toString();
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}

const hasImages = (answer: unknown): answer is { readonly images: readonly unknown[] } =>
  isRecord(answer) && Array.isArray(answer['images']);
