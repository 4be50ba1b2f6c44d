import { UpstreamError } from '../image/errors.ts';
import type { Caller, ImagePage, ImageSource, SourceRequest, Staleness } from '../image/source.ts';
import { createWindowReader } from '../scan/window-reader.ts';
import type { ImageContext, Usage } from '../schema/context.ts';
import { createImageLoader } from '../schema/image-loader.ts';

/** What the resolvers of one request may use: the source as this caller sees it, until its signal aborts. */
export function createContext(
  source: ImageSource,
  caller: Caller | null,
  request: SourceRequest,
  scanMaxWindows: number,
  unsupportedParameters: ReadonlySet<string> = new Set(),
): ImageContext {
  const usage: Usage = { requests: 0, rowsRead: 0, rowsReturned: 0 };
  const stale: Staleness[] = [];
  const pages: ImagePage[] = [];
  const listImages: ImageContext['listImages'] = async (query) => {
    if (caller === null) {
      throw new UpstreamError(
        'UNAUTHENTICATED',
        'Expected a token in the X-Auth-Token header, but received no usable one.',
      );
    }
    const page = await source.list(query, caller, request);
    usage.requests += page.requests;
    usage.rowsRead += page.images.length;
    if (page.stale !== undefined) stale.push(page.stale);
    pages.push(page);
    return page;
  };
  const windows = createWindowReader(listImages, scanMaxWindows);
  return {
    listImages,
    imageById: createImageLoader({ listImages, windows }, usage),
    windows,
    unsupportedParameters,
    isPriced: false,
    usage,
    stale,
    pages,
  };
}
