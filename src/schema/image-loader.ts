import DataLoader from 'dataloader';
import { isIdentifier } from '../image/kinds.ts';
import { imageByIdQuery } from '../image/query-string.ts';
import type { WireImage } from '../image/source.ts';
import type { ImageContext, Usage } from './context.ts';

/**
 * Loads images by id for one request. Upstream takes one id a query, so each different id is one query; one that fails
 * fails alone.
 */
export function createImageLoader(listImages: ImageContext['listImages'], usage: Usage): ImageContext['imageById'] {
  const load = async (id: string): Promise<WireImage | null> => {
    if (!isIdentifier(id)) return null;
    const { images } = await listImages(imageByIdQuery(id));
    const found = images.find((image) => image.id === id) ?? null;
    if (found !== null) usage.rowsReturned += 1;
    return found;
  };
  return new DataLoader(async (ids) => {
    const outcomes = await Promise.allSettled(ids.map(load));
    return outcomes.map((one) => (one.status === 'fulfilled' ? one.value : toError(one.reason)));
  });
}

const toError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
