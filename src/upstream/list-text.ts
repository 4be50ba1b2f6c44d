// Where things are in the bytes of a list of images, found by the characters around them: guesses, made fast, for a reader
// who proves them by parsing what is in between. All these characters are ASCII, of which no other one in UTF-8 has a part.

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const isSpace = (code: number | undefined): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

const IMAGES = Buffer.from('"images"');
const ID = Buffer.from('"id"');

/** As ids of the image service are UUIDs. */
const ID_LENGTH = 36;

export function afterSpace(body: Buffer, from: number): number {
  let at = from;
  while (isSpace(body[at])) at += 1;
  return at;
}

function beforeSpace(body: Buffer, to: number): number {
  let at = to;
  while (isSpace(body[at - 1])) at -= 1;
  return at;
}

/** The place after a character, and the space around it; null if something else is there. */
function after(code: number, body: Buffer, from: number): number | null {
  const at = afterSpace(body, from);
  return body[at] === code ? afterSpace(body, at + 1) : null;
}

/** Where the first image begins in `{"images":[…]}`; null in any other text. */
export function startOfList(body: Buffer): number | null {
  const name = after(OPEN, body, 0);
  if (name === null || body.indexOf(IMAGES, name) !== name) return null;
  const list = after(COLON, body, name + IMAGES.length);
  return list === null ? null : after(OPEN_LIST, body, list);
}

/** Where the bracket is that ends the list; null where the answer does not end with it. */
export function endOfList(body: Buffer): number | null {
  const brace = beforeSpace(body, body.length) - 1;
  const bracket = beforeSpace(body, brace) - 1;
  return body[brace] === CLOSE && body[bracket] === CLOSE_LIST ? bracket : null;
}

/** Where the next id is told: of an image, or of something in one. Null if there is none. */
export function nextId(body: Buffer, from: number): number | null {
  const name = body.indexOf(ID, from);
  const value = name === -1 ? null : after(COLON, body, name + ID.length);
  return value === null ? null : value + 1;
}

/** The id that is told at a place; of one that is longer than a UUID the beginning, and what follows too of a shorter one. */
export const idAt = (body: Buffer, at: number): string => body.toString('latin1', at, at + ID_LENGTH);

/** As far as an image's end is looked for: looking at a brace on the way takes much longer than to parse it. */
const LONGEST_SEARCH = 96 * 1024;

/** Where an image ends: after the next brace that another image, or the list's end, follows; null if that is not near. */
export function endOfImage(body: Buffer, from: number, listEnd: number): number | null {
  const last = from + LONGEST_SEARCH;
  for (let at = body.indexOf(CLOSE, from); at !== -1 && at < last; at = body.indexOf(CLOSE, at + 1)) {
    if (nextImage(body, at + 1) !== null || afterSpace(body, at + 1) === listEnd) return at + 1;
  }
  return null;
}

/** Where the image begins that follows one which ends here; null if none does. */
export function nextImage(body: Buffer, from: number): number | null {
  const at = after(COMMA, body, from);
  return at !== null && body[at] === OPEN ? at : null;
}
