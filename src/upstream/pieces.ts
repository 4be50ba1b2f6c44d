import { parseJson } from '../image/json.ts';
import type { Work } from '../image/pace.ts';
import { hasId, type WireImage } from '../image/source.ts';
import { afterSpace, endOfImage, endOfList, nextImage, startOfList } from './list-text.ts';

/** So much of an answer is read in one turn of the event loop: about 80 images, which take a millisecond or two. */
export const PIECE_BYTES = 96 * 1024;

/** The share of a turn that reading takes which goes on at a place. */
export const shareOf = (body: Buffer, from: number): number => Math.min(1, (body.length - from) / PIECE_BYTES);

/**
 * Parses a long list of images piece by piece. Null where a piece is not what it seemed to be, and for what is no more
 * than one piece: such an answer is for `JSON.parse` as a whole. What it gives is the same.
 */
export function* parsePieces(body: Buffer): Work<readonly WireImage[] | null> {
  if (body.length <= PIECE_BYTES) return null;
  let at = startOfList(body);
  const listEnd = endOfList(body);
  if (listEnd === null) return null;
  const images: WireImage[] = [];
  while (at !== null) {
    yield shareOf(body, at);
    const end = listEnd - at <= PIECE_BYTES ? listEnd : endOfImage(body, at + PIECE_BYTES, listEnd);
    const piece = parseJson(`[${body.toString('utf8', at, end)}]`);
    if (!Array.isArray(piece) || !piece.every(hasId)) return null;
    images.push(...piece);
    if (afterSpace(body, end) === listEnd) return images;
    at = nextImage(body, end);
  }
  return null;
}
