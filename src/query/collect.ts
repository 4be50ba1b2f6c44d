import { UpstreamError } from '../image/errors.ts';
import { type Place, reverseSorting, toComparison, toPlacing } from '../image/sorting.ts';
import type { WireImage } from '../image/source.ts';
import { type Cursor, cursorToText } from './cursor.ts';
import { createLeading } from './leading.ts';
import type { PagePlan } from './page.ts';

/** A page of the connection, as the Relay cursor connections specification defines it. */
export interface ConnectionPage {
  readonly edges: readonly Edge[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Where the page starts and ends; null for a list without images. */
  readonly start: Edge | null;
  readonly end: Edge | null;
}

/** An image and its place. What makes its cursor is here in place of the cursor: few operations ask for those of all images. */
export interface Edge {
  readonly node: WireImage;
  /** The list window that the image was found in, where one was read. */
  readonly window: Cursor['window'];
  readonly toCursor: ToCursor;
  /** Its cursor, once that has been asked for. */
  cursor: string | null;
}

type ToCursor = (node: WireImage, window: Cursor['window']) => string;

const toEdge = (node: WireImage, window: Cursor['window'], toCursor: ToCursor): Edge => ({
  node,
  window,
  toCursor,
  cursor: null,
});

/** The cursor of an edge. */
export const edgeToCursor = (edge: Edge): string => (edge.cursor ??= edge.toCursor(edge.node, edge.window));

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

/** The page of the edges that were found, of which one may be more than fits; `last` is where reading ended if that is elsewhere. */
function foundToPage(plan: PagePlan, found: readonly Edge[], hasMore: boolean, last?: Edge): ConnectionPage {
  const { backward, hasBefore, hasAfter } = plan;
  const edges = found.slice(0, plan.size);
  const first = edges[0] ?? last ?? null;
  const end = last ?? edges.at(-1) ?? null;
  return backward
    ? { edges: edges.toReversed(), hasNextPage: hasBefore, hasPreviousPage: hasMore, start: end, end: first }
    : { edges, hasNextPage: hasMore, hasPreviousPage: hasAfter, start: first, end };
}

/** Makes cursors for the sorting that the caller asked for, whichever way it is read. */
function toCursorOf(plan: PagePlan): ToCursor {
  const sorting = plan.backward ? reverseSorting(plan.sorting) : plan.sorting;
  const placeOf = toPlacing(sorting);
  return (node, window) => cursorToText({ sorting, place: placeOf(node), window });
}

/** The page from one answer of up to `size + 1` rows that follow `marker`: one upstream request, nothing decided here. */
export function rowsToPage(plan: PagePlan, rows: readonly WireImage[], marker: string | null): ConnectionPage {
  const toCursor = toCursorOf(plan);
  const until = plan.until?.place.id;
  const seen = new Set<string>();
  const edges: Edge[] = [];
  let isBounded = false;
  for (const [index, node] of rows.entries()) {
    const { id } = node;
    if (id === marker && index > 0) {
      throw new UpstreamError(
        'UPSTREAM_INVALID_RESPONSE',
        'The image service gave images from before the place that it was asked for.',
      );
    }
    isBounded ||= id === until && id !== marker;
    if (isBounded || id === marker || seen.has(id)) continue;
    seen.add(id);
    edges.push(toEdge(node, null, toCursor));
  }
  // A row given twice stands for one that did not fit.
  return foundToPage(plan, edges, edges.length > plan.size || (!isBounded && rows.length > plan.size));
}

/** Gathers a page from windows in upstream's order. `isBehind` says whether they begin behind the plan's `from` at once. */
export function collectInOrder(plan: PagePlan, isBehind: boolean): Collector {
  const { from, until, residual, size, backward } = plan;
  const toCursor = toCursorOf(plan);
  const placeOf = toPlacing(plan.sorting);
  const compare = toComparison(plan.sorting);
  const found: Edge[] = [];
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
        found.push(toEdge(image, window, toCursor));
        if (found.length > size) return true;
      }
      lastRead = hasStarted ? (end ?? lastRead) : lastRead;
      return false;
    },
    toPage(isCutShort) {
      if (!isCutShort || isBounded || found.length > size) return foundToPage(plan, found, found.length > size);
      if (lastRead === undefined || !hasStarted) return null;
      const last = toEdge(lastRead, { backward, marker: lastRead.id }, toCursor);
      return foundToPage(plan, found, true, last);
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
      const within = (end < 0 ? kept : kept.slice(0, end)).map(({ image }) => toEdge(image, null, toCursor));
      return foundToPage(plan, within, within.length > size);
    },
  };
}
