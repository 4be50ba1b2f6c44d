import { UpstreamError } from '../image/errors.ts';
import type { Caller, ImageSource } from '../image/source.ts';
import type { ImageContext } from '../schema/context.ts';
import { createImageLoader } from '../schema/image-loader.ts';

/** What the resolvers of one request may use: the source as this caller sees it, until `signal` aborts. */
export function createContext(source: ImageSource, caller: Caller | null, signal: AbortSignal): ImageContext {
  const listImages: ImageContext['listImages'] = async (query) => {
    if (caller === null) {
      throw new UpstreamError(
        'UNAUTHENTICATED',
        'Expected a token in the X-Auth-Token header, but received no usable one.',
      );
    }
    return source.list(query, caller, signal);
  };
  return { listImages, imageById: createImageLoader(listImages) };
}
