/** A piece of an answer's text, as soon as it is there. */
export type Piece = string | Promise<string>;

/** A text that is being put together. */
export interface Draft {
  /** What follows the pieces. */
  text: string;
  /** Texts one behind the other, of which some have to be waited for; null while none has. */
  pieces: { readonly texts: string[]; readonly waiting: Promise<void>[] } | null;
}

/** Puts a piece behind what is there. */
export function addPiece(draft: Draft, piece: Piece): void {
  if (typeof piece === 'string') {
    draft.text += piece;
    return;
  }
  draft.pieces ??= { texts: [], waiting: [] };
  const { texts, waiting } = draft.pieces;
  const index = texts.push(draft.text, '') - 1;
  draft.text = '';
  waiting.push(piece.then((text) => void (texts[index] = text)));
}

/** The whole text, once it is there. */
export function finishDraft({ text: last, pieces }: Draft): Piece {
  if (pieces === null) return last;
  // Not by `join`, which copies what is copied once more as a whole answer.
  return Promise.all(pieces.waiting).then(() => pieces.texts.reduce((before, text) => before + text) + last);
}

/** Waits for nothing any more; what fails now fails unseen. */
export function forgetDraft({ pieces }: Draft): void {
  if (pieces !== null) void Promise.allSettled(pieces.waiting);
}
