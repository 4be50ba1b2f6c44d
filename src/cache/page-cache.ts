import { LRUCache } from 'lru-cache';
import type { ImagePage, ImageSource } from '../image/source.ts';

export interface PageCacheOptions {
  /** Most bytes of answers to keep, as upstream sent them; what they take decoded is a small multiple of that. */
  readonly maxBytes: number;
  /** Most answers to keep. */
  readonly maxPages: number;
  /** How long an answer is used without asking again. */
  readonly freshMs: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** A source that keeps pages. */
export interface PageCache extends ImageSource {
  /** How full it is. */
  size(): { readonly pages: number; readonly bytes: number };
}

/** Keeps the pages of a source, by caller and query, until they are `freshMs` old. Failures are never kept. */
export function cachePages(source: ImageSource, { maxBytes, maxPages, freshMs, now }: PageCacheOptions): PageCache {
  const pages = new LRUCache<string, ImagePage>({
    max: maxPages,
    maxSize: maxBytes,
    sizeCalculation: (page, key) => page.sizeBytes + key.length,
    ttl: freshMs,
    ttlResolution: 0,
    // lru-cache takes a start at 0 for "no expiry".
    perf: { now: () => now() + 1 },
  });
  return {
    size: () => ({ pages: pages.size, bytes: pages.calculatedSize }),
    async list(query, caller, request) {
      const key = `${caller.key} ${query}`;
      const kept = pages.get(key);
      if (kept !== undefined) return { ...kept, requests: 0 };
      const page = await source.list(query, caller, request);
      pages.set(key, page);
      return page;
    },
  };
}
