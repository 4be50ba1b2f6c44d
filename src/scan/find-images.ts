import { type ErrorCode, ScanBudgetError, UpstreamError } from '../image/errors.ts';
import { isIdentifier } from '../image/kinds.ts';
import { defaultOrder } from '../image/order.ts';
import { imageByIdQuery } from '../image/query-string.ts';
import type { WireImage } from '../image/source.ts';
import type { PageSources } from './read-page.ts';

/** An image, null for an id that the caller sees none under, or why that could not be found out. */
export type FoundImage = WireImage | null | Error;

/** So many ids are asked for one by one; more are looked for in list windows first. */
const FEW = 5;
/** Ids for which one more window may be read before the rest is asked for one by one. */
const IDS_PER_WINDOW = 10;
/** Most ids that are asked for one by one. */
const MAX_SINGLE = 100;

/** Failures that say something of a window as such, and nothing of an id that is asked for alone. */
const ofTheWindow: ReadonlySet<ErrorCode> = new Set(['UPSTREAM_INVALID_RESPONSE', 'UPSTREAM_BAD_REQUEST']);

/**
 * Finds the images of different ids. Upstream takes one id a query, so many are looked for in windows of the whole list,
 * which the page cache keeps; what those leave open is asked for one by one, and each id that fails fails alone. An image
 * that is in no window of a list that was read to its end is one that the caller does not see.
 */
export async function findImages(ids: readonly string[], sources: PageSources): Promise<FoundImage[]> {
  const found = new Map<string, FoundImage>();
  const missing = () => ids.filter((id) => isIdentifier(id) && !found.has(id));
  if (missing().length > FEW) await findInWindows(new Set(missing()), found, sources);

  const single = missing();
  const outcomes = await Promise.all(single.slice(0, MAX_SINGLE).map((id) => findOne(id, sources)));
  for (const [i, outcome] of outcomes.entries()) found.set(single[i] ?? '', outcome);
  for (const id of single.slice(MAX_SINGLE)) {
    found.set(id, new ScanBudgetError('Finding this image', sources.windows.maxWindows));
  }
  return ids.map((id) => found.get(id) ?? null);
}

async function findInWindows(
  wanted: ReadonlySet<string>,
  found: Map<string, FoundImage>,
  { windows }: PageSources,
): Promise<void> {
  let left = Math.ceil(wanted.size / IDS_PER_WINDOW);
  const settleAll = (outcome: FoundImage) => {
    for (const id of wanted) if (!found.has(id)) found.set(id, outcome);
  };
  try {
    const end = await windows.read({ parameters: [], order: defaultOrder }, null, ({ images }) => {
      for (const image of images) if (wanted.has(image.id)) found.set(image.id, image);
      left -= 1;
      return left <= 0 || found.size === wanted.size;
    });
    if (end === 'complete') settleAll(null);
  } catch (failure) {
    if (!(failure instanceof UpstreamError)) throw failure;
    // What fails for the service or the caller as a whole would fail for each id too.
    if (!ofTheWindow.has(failure.code)) settleAll(failure);
  }
}

async function findOne(id: string, { listImages }: PageSources): Promise<FoundImage> {
  try {
    const { images } = await listImages(imageByIdQuery(id));
    return images.find((image) => image.id === id) ?? null;
  } catch (failure) {
    return failure instanceof Error ? failure : new Error(String(failure));
  }
}
