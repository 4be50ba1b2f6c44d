import { type ErrorCode, UpstreamError } from '../image/errors.ts';
import type { Observe } from '../image/events.ts';
import type { ImageQuery } from '../image/query-string.ts';
import type { Caller, ImagePage, ImageSource, SourceRequest } from '../image/source.ts';
import { createKeptPages, imagesOf, type KeptPage, type KeptPages, type Sharing } from './kept-pages.ts';
import { createStanding } from './standing.ts';

export interface PageCacheOptions {
  /** Most bytes of answers to keep, as upstream sent them; decoded they take a small multiple of that. */
  readonly maxBytes: number;
  /** Most answers to keep, and most callers to know. */
  readonly maxPages: number;
  /** How long an answer is used without asking again. */
  readonly freshMs: number;
  /** How long after that it is still given at once, while a newer one is fetched. */
  readonly revalidateMs: number;
  /** How long after being fresh it is still given where upstream does not answer. */
  readonly staleIfErrorMs: number;
  /** Whether, and with whom, pages of public images are shared. */
  readonly sharing: Sharing | null;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly observe: Observe;
}

/** A source that keeps pages. */
export interface PageCache extends ImageSource {
  /** How full it is. */
  size(): ReturnType<KeptPages['size']>;
  /**
   * The page that `list` would give fresh, without a word to the source; null where there is none. It is there at once,
   * unless it is long and still has to be read.
   */
  fresh(query: ImageQuery, caller: Caller, requestId: string): ImagePage | Promise<ImagePage> | null;
}

interface Question {
  readonly query: ImageQuery;
  readonly caller: Caller;
  /** That of the request which asks. */
  readonly id: string;
}

/**
 * Keeps the pages of a source, by caller and query. One that is no longer fresh says so in `stale`; it is given while a
 * newer one is fetched, and where the source is not available. A caller whom upstream refuses gets nothing that is kept.
 */
export function cachePages(source: ImageSource, options: PageCacheOptions): PageCache {
  const { maxPages, freshMs, revalidateMs, staleIfErrorMs, now, observe } = options;
  const standing = createStanding({ maxCallers: maxPages, now });
  const usableMs = freshMs + Math.max(revalidateMs, staleIfErrorMs);
  const pages = createKeptPages({ ...options, usableMs, standing });

  /** Asks the source, and remembers what it says. */
  const ask = async (query: ImageQuery, caller: Caller, request: SourceRequest): Promise<ImagePage> => {
    const began = standing.begin();
    try {
      const page = await source.list(query, caller, request);
      const acceptance = standing.accept(query, caller, began);
      if (acceptance !== null) pages.keep(query, caller, page, { acceptance, began });
      return page;
    } catch (error) {
      standing.fail(query, caller, error);
      if (error instanceof UpstreamError && !unavailability.has(error.code)) {
        pages.drop(query, caller, refusals.has(error.code) ? 'own' : 'all');
      }
      throw error;
    }
  };

  /** Asks for a newer page while nobody waits for it; what comes of it is told to whoever asks next. */
  const refresh = (kept: KeptPage, query: ImageQuery, caller: Caller, id: string): void => {
    if (kept.isRefreshing) return;
    kept.isRefreshing = true;
    void ask(query, caller, { id, signal: new AbortController().signal })
      .catch((error: unknown) => {
        kept.failure = unavailabilityOf(error);
      })
      .finally(() => {
        kept.isRefreshing = false;
      });
  };

  const isFreshAt = ({ arrivedAtMs }: Pick<KeptPage, 'arrivedAtMs'>) => now() - arrivedAtMs <= freshMs;

  /** Holds on to neither the page, which may go at any time, nor the caller's token. */
  const currencyOf =
    ({ began }: KeptPage, query: ImageQuery, key: string) =>
    (): boolean => {
      const kept = pages.find(query, { key, token: null });
      return kept !== null && kept.began === began && isFreshAt(kept);
    };

  const show = (
    kept: KeptPage,
    { query, caller, id }: Question,
    code: ErrorCode | null,
  ): ImagePage | Promise<ImagePage> => {
    const ageMs = now() - kept.arrivedAtMs;
    const isFresh = isFreshAt(kept);
    observe({ kind: 'cache', requestId: id, result: isFresh ? 'fresh' : 'stale' });
    const age: Pick<ImagePage, 'isCurrent' | 'stale'> = isFresh
      ? { isCurrent: currencyOf(kept, query, caller.key) }
      : { stale: { ageMs, because: code === null ? 'revalidating' : 'upstream-failed', code } };
    const toPage = (images: ImagePage['images']) => ({ images, sizeBytes: kept.sizeBytes, requests: 0, ...age });
    const images = imagesOf(kept);
    return images instanceof Promise ? images.then(toPage) : toPage(images);
  };

  return {
    size: () => pages.size(),
    fresh(query, caller, id) {
      const kept = pages.find(query, caller);
      return kept === null || !isFreshAt(kept) ? null : show(kept, { query, caller, id }, null);
    },
    async list(query, caller, { id, ...rest }) {
      const question = { query, caller, id };
      const kept = pages.find(query, caller);
      const ageMs = kept === null ? Number.POSITIVE_INFINITY : now() - kept.arrivedAtMs;
      if (kept !== null && ageMs <= freshMs + revalidateMs) {
        if (ageMs > freshMs) refresh(kept, query, caller, id);
        return show(kept, question, kept.failure);
      }
      try {
        const page = await ask(query, caller, { id, ...rest });
        observe({ kind: 'cache', requestId: id, result: 'miss' });
        return page;
      } catch (error) {
        // Looked for anew: another answer to this caller may have been a refusal, or a newer page.
        const code = unavailabilityOf(error);
        const instead = code === null ? null : pages.find(query, caller);
        if (instead !== null && now() - instead.arrivedAtMs <= freshMs + staleIfErrorMs) {
          return show(instead, question, code);
        }
        observe({ kind: 'cache', requestId: id, result: 'miss' });
        throw error;
      }
    },
  };
}

/** Failures that say nothing of the caller or the query. */
const unavailability: ReadonlySet<ErrorCode> = new Set([
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_THROTTLED',
  'UPSTREAM_INVALID_RESPONSE',
  'OVERLOADED',
]);

/** Failures that say something of the caller alone. */
const refusals: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

const unavailabilityOf = (error: unknown): ErrorCode | null =>
  error instanceof UpstreamError && unavailability.has(error.code) ? error.code : null;
