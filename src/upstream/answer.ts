import { type UpstreamDetail, UpstreamError } from '../image/errors.ts';
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

  const answer = parse(body);
  if (answer === undefined) throw invalid(`JSON, but received ${body.length} characters that are not`);
  if (!hasImages(answer)) throw invalid('an object with a list "images"');
  const { images } = answer;
  const broken = images.findIndex((image) => !hasId(image));
  if (broken >= 0) throw invalid(`an id on every image, but image ${broken} of ${images.length} has none`);
  return { images: images.filter(hasId), sizeBytes: Buffer.byteLength(body) };
}

/** The value of a JSON text; undefined, which no JSON text means, if it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const hasImages = (answer: unknown): answer is { readonly images: readonly unknown[] } =>
  typeof answer === 'object' && answer !== null && 'images' in answer && Array.isArray(answer.images);

const hasId = (image: unknown): image is WireImage =>
  typeof image === 'object' && image !== null && 'id' in image && typeof image.id === 'string' && image.id !== '';
