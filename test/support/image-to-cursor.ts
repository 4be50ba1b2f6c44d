import { type Sorting, toPlacing } from '../../src/image/sorting.ts';
import type { WireImage } from '../../src/image/source.ts';
import { cursorToText } from '../../src/query/cursor.ts';

/** The cursor of an image that was found by one upstream request. */
export const imageToCursor = (image: WireImage, ...sorting: Sorting): string =>
  cursorToText({ sorting, place: toPlacing(sorting)(image), window: null });
