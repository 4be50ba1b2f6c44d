import { parseJson } from '../image/json.ts';
import { hasId, type WireImage } from '../image/source.ts';
import type { Work } from '../pace.ts';
import { afterSpace, endOfImage, endOfList, nextImage, startOfList } from './list-text.ts';

/** So much of an answer is read at once: about a hundred images, which take a millisecond or two. */
export const PIECE_BYTES = 96 * 1024;

/**
 * Parses a long list of images piece by piece. Null where a piece is not what it seemed to be, and for what is no more
 * than one piece: such an answer is for `JSON.parse` as a whole. What it gives is the same.
 */
export function* parsePieces(body: Buffer, pieceBytes = PIECE_BYTES): Work<readonly WireImage[] | null> {
  const start = startOfList(body);
  const listEnd = endOfList(body);
  if (start === null || listEnd === null || body.length <= pieceBytes) return null;
  const images: WireImage[] = [];
  for (let at = start; ; ) {
    yield;
    const end = listEnd - at <= pieceBytes ? listEnd : endOfImage(body, at + pieceBytes, listEnd);
    if (end === null) return null;
    const piece = parseJson(`[${body.toString('utf8', at, end)}]`);
    if (!Array.isArray(piece) || !piece.every(hasId)) return null;
    images.push(...piece);
    if (afterSpace(body, end) === listEnd) return images;
    const next = nextImage(body, end);
    if (next === null) return null;
    at = next;
  }
}
