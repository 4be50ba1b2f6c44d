import { ScanBudgetError, UpstreamError } from '../image/errors.ts';
import { defaultOrder, reverse, sortKeys } from '../image/order.ts';
import type { ImageQuery } from '../image/query-string.ts';
import { toComparison, toPlacing } from '../image/sorting.ts';
import type { ImagePage } from '../image/source.ts';
import { toInstant, toTimeParameter } from '../image/time.ts';
import { type Collector, collectInOrder, collectSorted, type ConnectionPage, rowsToPage } from '../query/collect.ts';
import { pageAgain } from '../query/page-again.ts';
import { markerOf, type PagePlan, toWindowQuery, type UpstreamList } from '../query/page.ts';
import { isMarkerFailure, type ReadingEnd, type WindowReader } from './window-reader.ts';

/** What a page is read from. */
export interface PageSources {
  readonly listImages: (query: ImageQuery) => Promise<ImagePage>;
  readonly windows: WindowReader;
}

/** A page, and whether it was cut short because no more of the list may be read. */
export interface ReadPage {
  readonly page: ConnectionPage;
  readonly isCutShort: boolean;
}

/**
 * Reads the page of a plan: one upstream request where upstream can answer it, otherwise window by window. Rejects with a
 * `ScanBudgetError` where the windows that may be read do not suffice for any right page.
 */
export async function readPage(plan: PagePlan, sources: PageSources): Promise<ReadPage> {
  const { order, from, parameters, query } = plan;
  if (order === null) {
    const collector = collectSorted(plan);
    const list = { parameters, order: defaultOrder };
    const end = await sources.windows.read(list, null, (window) => collector.take(window));
    return finish(collector, end, 'This order', sources);
  }
  const list = { parameters, order };
  try {
    if (query !== null) return await readRows(plan, query, sources);
    return await readInOrder(plan, list, startOf(plan), sources);
  } catch (failure) {
    if (from === null || !isMarkerFailure(failure)) throw failure;
    return recover(plan, list, sources, failure);
  }
}

/** Where reading begins so that the windows are those that were read before. */
function startOf({ from, backward, residual }: PagePlan): string | null {
  if (from === null) return null;
  const known = residual !== null && from.window?.backward === backward;
  return known && from.window !== null ? from.window.marker : from.place.id;
}

async function readRows(plan: PagePlan, query: ImageQuery, { listImages }: PageSources) {
  const { images } = await listImages(query);
  return { page: pageAgain(plan, images), isCutShort: false };
}

async function readInOrder(plan: PagePlan, list: UpstreamList, marker: string | null, sources: PageSources) {
  const collector = collectInOrder(plan, marker !== null && marker === plan.from?.place.id);
  const end = await sources.windows.read(list, marker, (window) => collector.take(window));
  return finish(collector, end, 'Finding the place again', sources);
}

function finish(collector: Collector, end: ReadingEnd, what: string, { windows }: PageSources): ReadPage {
  const isCutShort = end === 'budget';
  const page = collector.toPage(isCutShort);
  if (page === null) throw new ScanBudgetError(what, windows.maxWindows);
  return { page, isCutShort };
}

/**
 * Reads the page whose cursor's image is gone: behind the nearest image that still stands before its place, or, where that
 * cannot be asked for, from the beginning up to that place.
 */
async function recover(plan: PagePlan, list: UpstreamList, sources: PageSources, failure: unknown): Promise<ReadPage> {
  const id = markerOf(plan);
  try {
    // The image may be there, and only the window's own be gone.
    if (startOf(plan) !== id) return await readInOrder(plan, list, id, sources);
  } catch (second) {
    if (!isMarkerFailure(second)) throw second;
  }
  try {
    const before = await imageBefore(plan, list, sources);
    if (before === null) return await readInOrder(plan, list, null, sources);
    if (plan.residual === null) {
      const { images } = await sources.listImages(toWindowQuery(list, before, plan.size + 1));
      return { page: rowsToPage(plan, images, before), isCutShort: false };
    }
    const collector = collectInOrder(plan, true);
    const end = await sources.windows.read(list, before, (window) => collector.take(window));
    return finish(collector, end, 'Finding the place again', sources);
  } catch (third) {
    throw isMarkerFailure(third) ? withCursorHint(failure, plan.backward ? 'before' : 'after') : third;
  }
}

/** The nearest image before the place of the plan's cursor, as far as creation times tell; null where they do not. */
async function imageBefore(
  { from, sorting }: PagePlan,
  { parameters, order }: UpstreamList,
  { windows }: PageSources,
): Promise<string | null> {
  const instant = toInstant(from?.place.createdAt);
  if (from === null || instant === null || order.field !== 'CREATED_AT') return null;
  const parameter = sortKeys.CREATED_AT;
  const operator = order.direction === 'DESC' ? 'gte' : 'lte';
  // The parameter is of whole seconds; the place may be within one.
  const bound = operator === 'gte' ? instant : instant + 999;
  const list = {
    parameters: [
      ...parameters.filter(([name]) => name !== parameter),
      [parameter, toTimeParameter(operator, bound)] as const,
    ],
    order: reverse(order),
  };
  const placeOf = toPlacing(sorting);
  const compare = toComparison(sorting);
  let found: string | null = null;
  await windows.read(list, null, ({ images }) => {
    found = images.find((image) => compare(placeOf(image), from.place) < 0)?.id ?? null;
    return found !== null;
  });
  return found;
}

function withCursorHint(failure: unknown, argument: string): unknown {
  if (!(failure instanceof UpstreamError)) return failure;
  const hint = `The image that "${argument}" points at may be gone; start again without a cursor.`;
  return new UpstreamError(failure.code, `${failure.message} ${hint}`, failure.upstream);
}
