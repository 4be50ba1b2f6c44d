import type DataLoader from 'dataloader';
import type { ImageQuery } from '../image/query-string.ts';
import type { ImagePage, Staleness, WireImage } from '../image/source.ts';
import type { WindowReader } from '../scan/window-reader.ts';

/** What answering one GraphQL request has cost so far; grows as the resolvers run. */
export interface Usage {
  /** Upstream requests. */
  requests: number;
  /** Images that sources gave. */
  rowsRead: number;
  /** Images that the client gets. */
  rowsReturned: number;
  /** Fields whose answer is not whole, because the request may read no more of the list. */
  incomplete?: { readonly path: string; readonly reason: string }[];
}

/** What one GraphQL request may ask for: images as its caller sees them, until its client goes away. */
export interface ImageContext {
  readonly listImages: (query: ImageQuery) => Promise<ImagePage>;
  /** Each id is asked for once per request; null for an id that the caller sees no image under. */
  readonly imageById: DataLoader<string, WireImage | null>;
  /** Query parameters that the image service lacks, though the manual has them. */
  readonly unsupportedParameters: ReadonlySet<string>;
  /** Reads lists window by window, within what the request may read. */
  readonly windows: WindowReader;
  /** Whether the operation is known to cost no more than it may. */
  isPriced: boolean;
  readonly usage: Usage;
  /** The pages of this answer that were not fresh, as they are given. */
  readonly stale: readonly Staleness[];
  /** Every page that this answer was made of. */
  readonly pages: readonly Pick<ImagePage, 'isCurrent'>[];
}
