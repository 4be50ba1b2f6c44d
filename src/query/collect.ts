import { UpstreamError } from '../image/errors.ts';
import { type Place, reverseSorting, toComparison, toPlacing } from '../image/sorting.ts';
import type { WireImage } from '../image/source.ts';
import { type Cursor, cursorToText } from './cursor.ts';
import { createLeading } from './leading.ts';
import type { PagePlan } from './page.ts';

/** A page of the connection, as the Relay cursor connections specification defines it. */
export interface ConnectionPage {
  readonly edges: readonly { readonly cursor: string; readonly node: WireImage }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** Rows of a list that upstream gave at once, each new. */
export interface ListWindow {
  /** The image that they follow; null for the first ones. */
  readonly marker: string | null;
  readonly images: readonly WireImage[];
}

/** Gathers a page from the windows of a list. */
export interface Collector {
  /** Takes a window; true when no more are needed. */
  take(window: ListWindow): boolean;
  /**
   * The page, after the last window; where the list went on but no more may be read, a page that says so and continues
   * there. Null where then no such page can be right.
   */
  toPage(isCutShort: boolean): ConnectionPage | null;
}

interface Found {
  readonly image: WireImage;
  readonly cursor: LazyCursor;
}

/** Makes a cursor when it is asked for: few operations ask for those of all images. */
type LazyCursor = () => string;

function foundToPage(plan: PagePlan, found: readonly Found[], hasMore: boolean, last?: LazyCursor): ConnectionPage {
  const page = found.slice(0, plan.size);
  const ends = [page[0]?.cursor ?? last, last ?? page.at(-1)?.cursor] as const;
  const [start, end] = plan.backward ? ends.toReversed() : ends;
  return {
    edges: (plan.backward ? page.toReversed() : page).map(({ image, cursor }) => ({
      node: image,
      get cursor() {
        return cursor();
      },
    })),
    pageInfo: {
      hasNextPage: plan.backward ? plan.hasBefore : hasMore,
      hasPreviousPage: plan.backward ? hasMore : plan.hasAfter,
      get startCursor() {
        return start?.() ?? null;
      },
      get endCursor() {
        return end?.() ?? null;
      },
    },
  };
}

/** Cursors are made for the sorting that the caller asked for, whichever way it is read. */
function toCursorOf(plan: PagePlan): (image: WireImage, window: Cursor['window']) => LazyCursor {
  const sorting = plan.backward ? reverseSorting(plan.sorting) : plan.sorting;
  const placeOf = toPlacing(sorting);
  return (image, window) => () => cursorToText({ sorting, place: placeOf(image), window });
}

/** The page from one answer of up to `size + 1` rows that follow `marker`: one upstream request, nothing decided here. */
export function rowsToPage(plan: PagePlan, rows: readonly WireImage[], marker: string | null): ConnectionPage {
  const seen = new Set<string>();
  const fresh = rows.filter(({ id }, i) => {
    if (id === marker && i > 0) {
      throw new UpstreamError(
        'UPSTREAM_INVALID_RESPONSE',
        'The image service gave images from before the place that it was asked for.',
      );
    }
    const isNew = id !== marker && !seen.has(id);
    seen.add(id);
    return isNew;
  });
  const toCursor = toCursorOf(plan);
  const end = plan.until === null ? -1 : fresh.findIndex(({ id }) => id === plan.until?.place.id);
  const within = (end < 0 ? fresh : fresh.slice(0, end)).map((image) => ({ image, cursor: toCursor(image, null) }));
  // A row given twice stands for one that did not fit.
  return foundToPage(plan, within, within.length > plan.size || (end < 0 && rows.length > plan.size));
}

/** Gathers a page from windows in upstream's order. `isBehind` says whether they begin behind the plan's `from` at once. */
export function collectInOrder(plan: PagePlan, isBehind: boolean): Collector {
  const { from, until, residual, size, backward } = plan;
  const toCursor = toCursorOf(plan);
  const placeOf = toPlacing(plan.sorting);
  const compare = toComparison(plan.sorting);
  const found: Found[] = [];
  let hasStarted = from === null || isBehind;
  let isBounded = false;
  let lastRead: WireImage | undefined;

  /** The rows behind `from`: those after its image, or, where that is gone, after its place. */
  const behind = (images: readonly WireImage[]): readonly WireImage[] => {
    if (hasStarted || from === null) return images;
    const at = images.findIndex(({ id }) => id === from.place.id);
    const start = at < 0 ? images.findIndex((image) => compare(placeOf(image), from.place) > 0) : at + 1;
    hasStarted = start >= 0;
    return start < 0 ? [] : images.slice(start);
  };

  return {
    take({ marker, images }) {
      const end = images.at(-1);
      for (const image of behind(images)) {
        lastRead = image;
        if (residual !== null && !residual(image)) continue;
        isBounded = image.id === until?.place.id;
        if (isBounded) return true;
        // Reading on behind the last row of a window begins with the next one.
        const window = { backward, marker: image === end ? image.id : marker };
        found.push({ image, cursor: toCursor(image, window) });
        if (found.length > size) return true;
      }
      lastRead = hasStarted ? (end ?? lastRead) : lastRead;
      return false;
    },
    toPage(isCutShort) {
      if (!isCutShort || isBounded || found.length > size) return foundToPage(plan, found, found.length > size);
      if (lastRead === undefined || !hasStarted) return null;
      return foundToPage(plan, found, true, toCursor(lastRead, { backward, marker: lastRead.id }));
    },
  };
}

interface Placed {
  readonly image: WireImage;
  readonly place: Place;
}

/** Gathers a page from all windows of a list that comes in any order: keeps the rows that come first behind `from`. */
export function collectSorted(plan: PagePlan): Collector {
  const { from, until, residual, size } = plan;
  const toCursor = toCursorOf(plan);
  const placeOf = toPlacing(plan.sorting);
  const compare = toComparison(plan.sorting);
  const leading = createLeading<Placed>(size + 1, (a, b) => compare(a.place, b.place));

  return {
    take({ images }) {
      for (const image of images) {
        if (residual !== null && !residual(image)) continue;
        const place = placeOf(image);
        if (from === null || compare(place, from.place) > 0) leading.offer({ image, place });
      }
      return false;
    },
    toPage(isCutShort) {
      if (isCutShort) return null;
      const kept = leading.items;
      const end = until === null ? -1 : kept.findIndex(({ image }) => image.id === until.place.id);
      const within = (end < 0 ? kept : kept.slice(0, end)).map(({ image }) => ({
        image,
        cursor: toCursor(image, null),
      }));
      return foundToPage(plan, within, within.length > size);
    },
  };
}
