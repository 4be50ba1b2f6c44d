import { type UpstreamDetail, UpstreamError } from '../image/errors.ts';
import { isRecord, parseJson } from '../image/json.ts';
import type { ImagePage, WireImage } from '../image/source.ts';

/**
 * Reads the body of a 200. Throws an `UpstreamError` with `upstream`, unless it is an object with a list `images`, all
 * with an id.
 */
export function bodyToPage(body: Buffer, upstream: UpstreamDetail): ImagePage {
  const images = bodyToImages(body, upstream);
  // A copy, as the body may be a small part of what arrived with it.
  return { images, sizeBytes: body.length, readAgain: readerOf(Buffer.from(body), upstream), requests: 1 };
}

/** Holds on to nothing but the body. */
const readerOf = (body: Buffer, upstream: UpstreamDetail) => () => bodyToImages(body, upstream);

function bodyToImages(body: Buffer, upstream: UpstreamDetail): readonly WireImage[] {
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

const hasId = (image: unknown): image is WireImage =>
  isRecord(image) && typeof image['id'] === 'string' && image['id'] !== '';
