import { type UpstreamDetail, UpstreamError } from '../image/errors.ts';
import { isRecord, parseJson } from '../image/json.ts';
import type { ImagePage, WireImage } from '../image/source.ts';

/**
 * Reads the body of a 200. Throws an `UpstreamError` with `upstream`, unless it is an object with a list `images`, all
 * with an id.
 */
export function bodyToPage(body: string, upstream: UpstreamDetail): ImagePage {
  const invalid = (expectation: string): UpstreamError =>
    new UpstreamError(
      'UPSTREAM_INVALID_RESPONSE',
      `The image service answered what cannot be used: expected ${expectation}.`,
      upstream,
    );

  const answer = parseJson(body);
  if (answer === undefined) throw invalid(`JSON, but received ${body.length} characters that are not`);
  if (!hasImages(answer)) throw invalid('an object with a list "images"');
  const { images } = answer;
  if (!images.every(hasId)) {
    const broken = images.findIndex((image) => !hasId(image));
    throw invalid(`an id on every image, but image ${broken} of ${images.length} has none`);
  }
  return { images, sizeBytes: Buffer.byteLength(body), requests: 1 };
}

const hasImages = (answer: unknown): answer is { readonly images: readonly unknown[] } =>
  isRecord(answer) && Array.isArray(answer['images']);

const hasId = (image: unknown): image is WireImage =>
  isRecord(image) && typeof image['id'] === 'string' && image['id'] !== '';
