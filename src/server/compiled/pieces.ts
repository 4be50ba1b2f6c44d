/** A piece of an answer's text, as soon as it is there. */
export type Piece = string | Promise<string>;

/** Pieces one behind the other, of which some have to be waited for. */
export interface Pieces {
  readonly texts: string[];
  readonly waiting: Promise<void>[];
}

/** Puts a piece that has to be waited for behind the others and the text that comes before it. */
export function addPiece({ texts, waiting }: Pieces, before: string, piece: Promise<string>): void {
  const index = texts.push(before, '') - 1;
  waiting.push(piece.then((text) => void (texts[index] = text)));
}

/** All pieces and the last one as one text. */
export function joinPieces(pieces: Pieces | null, last: string): Piece {
  if (pieces === null) return last;
  // Not by `join`, which copies what is copied once more as a whole answer.
  return Promise.all(pieces.waiting).then(() => pieces.texts.reduce((before, text) => before + text) + last);
}

/** Waits for nothing any more; what fails now fails unseen. */
export function forgetPieces(pieces: Pieces | null): void {
  if (pieces !== null) void Promise.allSettled(pieces.waiting);
}
