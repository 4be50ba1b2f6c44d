import { UpstreamError } from '../image/errors.ts';
import type { ImageQuery } from '../image/query-string.ts';
import type { ImagePage } from '../image/source.ts';
import { pace } from '../pace.ts';
import type { ListWindow } from '../query/collect.ts';
import { toWindowQuery, type UpstreamList, WINDOW_SIZE } from '../query/page.ts';

/** How reading a list ended: at its end, because no more was wanted, or because no more may be read. */
export type ReadingEnd = 'complete' | 'enough' | 'budget';

/** Reads lists window by window, for one GraphQL request. */
export interface WindowReader {
  /** Most different windows that the request may read. */
  readonly maxWindows: number;
  /**
   * Gives `take` the windows of a list that follow the image `start`, until it returns true. Each image comes once.
   * Rejects with an `UpstreamError`, also where upstream gives the same rows over and over. Windows go at the pace of
   * the process.
   */
  read(list: UpstreamList, start: string | null, take: (window: ListWindow) => boolean): Promise<ReadingEnd>;
}

/** A marker that has been deleted, or that the caller no longer sees: what upstream answers then is not documented. */
const markerFailures = new Set([400, 403, 404]);

/** Whether a query may have failed because of its marker. */
export const isMarkerFailure = (failure: unknown): boolean =>
  failure instanceof UpstreamError && markerFailures.has(failure.upstream.status ?? 0);

/** A reader over a source of pages. The same window is asked for once, and counts once. */
export function createWindowReader(
  listImages: (query: ImageQuery) => Promise<ImagePage>,
  maxWindows: number,
): WindowReader {
  const pages = new Map<ImageQuery, Promise<ImagePage>>();

  const pageOf = (query: ImageQuery): Promise<ImagePage> | null => {
    const known = pages.get(query);
    if (known !== undefined) return known;
    if (pages.size >= maxWindows) return null;
    const page = listImages(query);
    pages.set(query, page);
    return page;
  };

  /** The window behind the first of the markers that upstream still knows; null when no more may be read. */
  async function windowBehind(list: UpstreamList, markers: readonly (string | null)[]): Promise<ImagePage | null> {
    for (const [i, marker] of markers.entries()) {
      const page = pageOf(toWindowQuery(list, marker, WINDOW_SIZE));
      if (page === null) return null;
      try {
        // One marker after the other: most often the first is enough.
        return await page;
      } catch (failure) {
        if (i === markers.length - 1 || !isMarkerFailure(failure)) throw failure;
      }
    }
    return null;
  }

  async function read(
    list: UpstreamList,
    start: string | null,
    take: (window: ListWindow) => boolean,
  ): Promise<ReadingEnd> {
    const seen = new Set<string>();
    const used = new Set<string | null>();
    let marker = start;
    let markers: readonly (string | null)[] = [start];
    for (;;) {
      used.add(marker);
      // Each window begins where the one before it ended.
      const page = await windowBehind(list, markers);
      if (page === null) return 'budget';
      if (page.images.length === 0) return 'complete';
      await pace();
      const images = page.images.filter(({ id }) => {
        const isNew = id !== start && !seen.has(id);
        seen.add(id);
        return isNew;
      });
      if (images.length > 0 && take({ marker, images })) return 'enough';
      // An upstream whose marker is inclusive ends with the marker alone.
      if (page.images.every(({ id }) => id === marker)) return 'complete';
      const next = (images.at(-1) ?? page.images.at(-1))?.id ?? null;
      if (used.has(next)) {
        throw new UpstreamError(
          'UPSTREAM_INVALID_RESPONSE',
          'The image service gives the same images again and again, so that its list cannot be read.',
        );
      }
      marker = next;
      markers = [next, ...earlierOnes(images.map(({ id }) => id))];
    }
  }

  return { maxWindows, read };
}

/** Rows to go on behind where the last one has been deleted meanwhile: ever farther back; what comes again is dropped. */
function earlierOnes(ids: readonly string[]): string[] {
  const earlier: string[] = [];
  for (let back = 2; back <= ids.length; back *= 2) {
    const id = ids.at(-back);
    if (id !== undefined) earlier.push(id);
  }
  return earlier;
}
