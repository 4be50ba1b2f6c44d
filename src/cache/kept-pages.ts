import { LRUCache } from 'lru-cache';
import type { ErrorCode } from '../image/errors.ts';
import { isPublicImage } from '../image/public-images.ts';
import type { ImageQuery } from '../image/query-string.ts';
import type { Caller, ImagePage, WireImage } from '../image/source.ts';
import { createPublicShelf } from './public-shelf.ts';
import type { Acceptance, Standing } from './standing.ts';

type Images = readonly WireImage[];

/** A page that has arrived, and what has become of asking for a newer one. */
export interface KeptPage {
  readonly sizeBytes: number;
  /** Its images; or how to read them, until it is asked for: many pages never are, and as bytes they take less memory. */
  images: Images | Promise<Images> | (() => Images | Promise<Images>);
  readonly arrivedAtMs: number;
  /** Whose question it answers. */
  readonly acceptance: Acceptance;
  /** The number of that question. */
  readonly began: number;
  /** Whether no shared page can stand in for it: there are none, or it holds what is not everybody's. */
  readonly standsAlone: boolean;
  isRefreshing: boolean;
  /** What the latest try for a newer one ended with. */
  failure: ErrorCode | null;
}

/** The images of a kept page: at once, unless they are many and still have to be read. From then on they are at hand. */
export function imagesOf(kept: KeptPage): Images | Promise<Images> {
  if (typeof kept.images === 'function') kept.images = kept.images();
  if (!(kept.images instanceof Promise)) return kept.images;
  return kept.images.then((images) => {
    kept.images = images;
    return images;
  });
}

/** Pages of public images for all callers that upstream accepted not longer ago than `acceptedMs`. */
export interface Sharing {
  readonly acceptedMs: number;
}

export interface KeptPagesOptions {
  readonly maxBytes: number;
  readonly maxPages: number;
  /** The greatest age at which a page is of any use. */
  readonly usableMs: number;
  /** Null keeps every page to its caller. */
  readonly sharing: Sharing | null;
  readonly standing: Standing;
  readonly now: () => number;
}

/** Pages by caller and query, and, where they are shared, by query alone. */
export interface KeptPages {
  /** How many there are, and how many bytes they were when they arrived. */
  size(): { readonly pages: number; readonly bytes: number };
  /** The page that this caller may be shown; null where there is none, or upstream has refused the caller since. */
  find(query: ImageQuery, caller: Caller): KeptPage | null;
  /** Keeps a page that has just arrived, unless the answer to a later question has. */
  keep(query: ImageQuery, caller: Caller, page: ImagePage, answered: Pick<KeptPage, 'acceptance' | 'began'>): void;
  /** Forgets the caller's page, or, where the query itself has become unanswerable, everybody's. */
  drop(query: ImageQuery, caller: Caller, whose: 'own' | 'all'): void;
}

const ownKey = (query: ImageQuery, caller: Caller): string => `own ${caller.key} ${query}`;
const sharedKey = (query: ImageQuery): string => `shared ${query}`;

/** No pages at first; the one used longest ago goes first where room is needed. */
export function createKeptPages(options: KeptPagesOptions): KeptPages {
  const { maxBytes, maxPages, usableMs, sharing, standing, now } = options;
  const shelf = sharing === null ? null : createPublicShelf({ knownMs: usableMs, now });
  const pages = new LRUCache<string, KeptPage>({
    max: maxPages,
    maxSize: maxBytes,
    sizeCalculation: ({ sizeBytes }, key) => sizeBytes + key.length,
  });

  const findShared = (query: ImageQuery, acceptance: Acceptance): KeptPage | null => {
    if (sharing === null || !shelf?.takes(query)) return null;
    const kept = pages.get(sharedKey(query)) ?? null;
    const isRecent = now() - acceptance.latestMs <= sharing.acceptedMs;
    return isRecent || kept?.acceptance === acceptance ? kept : null;
  };

  return {
    size: () => ({ pages: pages.size, bytes: pages.calculatedSize }),
    find(query, caller) {
      const acceptance = standing.of(query, caller);
      if (acceptance === null) return null;
      const found = pages.get(ownKey(query, caller)) ?? null;
      const own = found?.acceptance === acceptance ? found : null;
      const shared = findShared(query, acceptance);
      const kept = own?.standsAlone || (own?.began ?? 0) > (shared?.began ?? 0) ? own : shared;
      return kept === null || now() - kept.arrivedAtMs > usableMs ? null : kept;
    },
    keep(query, caller, page, answered) {
      const isShared = shelf?.puts(query, page) ?? false;
      const key = isShared ? sharedKey(query) : ownKey(query, caller);
      // What is shared now, or may not be any more, is one page and not two.
      if (isShared) pages.delete(ownKey(query, caller));
      if ((pages.peek(key)?.began ?? 0) > answered.began) return;
      const standsAlone = shelf === null || !page.images.every(isPublicImage);
      const { sizeBytes, readAgain: images = page.images } = page;
      const state = { isRefreshing: false, failure: null };
      pages.set(key, { sizeBytes, images, arrivedAtMs: now(), ...answered, standsAlone, ...state });
    },
    drop(query, caller, whose) {
      pages.delete(ownKey(query, caller));
      if (whose === 'all') pages.delete(sharedKey(query));
    },
  };
}
