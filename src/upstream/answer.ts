import { type UpstreamDetail, UpstreamError } from '../image/errors.ts';
import { isRecord, parseJson } from '../image/json.ts';
import { hasId, type ImagePage, type WireImage } from '../image/source.ts';
import type { KnownImages, Reading } from './known-images.ts';

/**
 * Reads the body of a 200. Throws an `UpstreamError` with `upstream`, unless it is an object with a list `images`, all
 * with an id.
 */
export function bodyToPage(body: Buffer, upstream: UpstreamDetail, known: KnownImages): ImagePage {
  const { images, areKnown } = bodyToImages(body, upstream, known);
  const page = { images, sizeBytes: body.length, requests: 1 };
  // Images that are held anyway need no bytes beside them.
  if (areKnown) return page;
  // A copy, as the body may be a small part of what arrived with it.
  return { ...page, readAgain: readerOf(Buffer.from(body), upstream, known) };
}

/** Holds on to nothing but the body. */
const readerOf = (body: Buffer, upstream: UpstreamDetail, known: KnownImages) => () =>
  bodyToImages(body, upstream, known).images;

function bodyToImages(body: Buffer, upstream: UpstreamDetail, known: KnownImages): Reading {
  return known.read(body) ?? { images: parseImages(body, upstream), areKnown: false };
}

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
