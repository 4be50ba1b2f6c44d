import DataLoader from 'dataloader';
import { findImages } from '../scan/find-images.ts';
import type { PageSources } from '../scan/read-page.ts';
import type { ImageContext, Usage } from './context.ts';

/** Loads images by id for one request: each different id once, those that are asked for together at once. */
export function createImageLoader(sources: PageSources, usage: Usage): ImageContext['imageById'] {
  return new DataLoader(async (ids) => {
    const found = await findImages(ids, sources);
    usage.rowsReturned += found.filter((one) => one !== null && !(one instanceof Error)).length;
    return found;
  });
}
