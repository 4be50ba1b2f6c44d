import { LRUCache } from 'lru-cache';
import { isPublicImage, queryToPublicQuestion } from '../image/public-images.ts';
import type { ImageQuery } from '../image/query-string.ts';
import type { ImagePage } from '../image/source.ts';

/** Tells which pages are the same for every caller. */
export interface PublicShelf {
  /** Whether the query may have a page that is everybody's. */
  takes(query: ImageQuery): boolean;
  /** Whether this page of the query is everybody's. Its images then count as known to be public. */
  puts(query: ImageQuery, page: ImagePage): boolean;
}

export interface PublicShelfOptions {
  /** How long an image that was seen counts as public. */
  readonly knownMs: number;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
}

/** Most images to know of. */
const MAX_IMAGES = 100_000;

/** A shelf that knows no image as public yet. */
export function createPublicShelf({ knownMs, now }: PublicShelfOptions): PublicShelf {
  const seenAtMs = new LRUCache<string, number>({ max: MAX_IMAGES });

  const isKnown = (id: string): boolean => now() - (seenAtMs.get(id) ?? Number.NEGATIVE_INFINITY) <= knownMs;

  // A marker that is no public image's tells of an image that not everybody may know of, and fails for them.
  const takes = (query: ImageQuery): boolean => {
    const question = queryToPublicQuestion(query);
    return question !== null && (question.marker === null || isKnown(question.marker));
  };

  return {
    takes,
    puts(query, { images }) {
      if (!takes(query) || !images.every(isPublicImage)) return false;
      for (const { id } of images) seenAtMs.set(id, now());
      return true;
    },
  };
}
