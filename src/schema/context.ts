import type DataLoader from 'dataloader';
import type { ImageQuery } from '../image/query-string.ts';
import type { ImagePage, WireImage } from '../image/source.ts';

/** What one GraphQL request may ask for: images as its caller sees them, until its client goes away. */
export interface ImageContext {
  readonly listImages: (query: ImageQuery) => Promise<ImagePage>;
  /** Each id is asked for once per request; null for an id that the caller sees no image under. */
  readonly imageById: DataLoader<string, WireImage | null>;
}
