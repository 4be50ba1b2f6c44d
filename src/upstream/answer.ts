import { UpstreamError } from '../image/errors.ts';
import type { ImagePage, WireImage } from '../image/source.ts';

/** Reads the body of a 200. Throws an `UpstreamError` unless it is an object with a list `images`, all with an id. */
export function bodyToPage(body: string): ImagePage {
  const images = imagesOf(parse(body));
  const broken = images.findIndex((image) => !hasId(image));
  if (broken >= 0) throw invalid(`an id on every image, but image ${broken} of ${images.length} has none`);
  return { images: images.filter(hasId), sizeBytes: Buffer.byteLength(body) };
}

const invalid = (expectation: string): UpstreamError =>
  new UpstreamError('UPSTREAM_INVALID_RESPONSE', `The image service answered what cannot be used: expected ${expectation}.`);

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalid(`JSON, but received ${body.length} characters that are not`);
  }
}

function imagesOf(answer: unknown): readonly unknown[] {
  if (typeof answer === 'object' && answer !== null && 'images' in answer && Array.isArray(answer.images)) {
    return answer.images;
  }
  throw invalid('an object with a list "images"');
}

const hasId = (image: unknown): image is WireImage =>
  typeof image === 'object' && image !== null && 'id' in image && typeof image.id === 'string' && image.id !== '';
