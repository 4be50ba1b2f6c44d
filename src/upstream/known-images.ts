import { LRUCache } from 'lru-cache';
import { parseJson } from '../image/json.ts';
import { hasId, type WireImage } from '../image/source.ts';
import type { Work } from '../pace.ts';
import { afterSpace, endOfImage, endOfList, idAt, nextId, nextImage, startOfList } from './list-text.ts';
import { PIECE_BYTES } from './pieces.ts';

/** Images that answers held before: one that comes again, byte for byte, is not parsed again. */
export interface KnownImages {
  /**
   * Reads an answer that begins with an image which has come before; the images that are known are the very same objects
   * again. Null, at once or in the end, for any other answer, and where it is not plainly a list of images of a usual length:
   * such a one is for `JSON.parse`.
   */
  read(body: Buffer): Work<Reading | null> | null;
  /** How many there are, and how many bytes they count as. */
  size(): { readonly images: number; readonly bytes: number };
}

export interface Reading {
  readonly images: readonly WireImage[];
  /** Whether each of them was known. */
  readonly areKnown: boolean;
}

/** An image, and the bytes that say so. */
interface Known {
  readonly image: WireImage;
  readonly bytes: Uint8Array;
}

/** An image of an answer, and where it ends. */
interface Found {
  readonly image: WireImage;
  readonly end: number;
  readonly isKnown: boolean;
}

/** What an image counts as beside its bytes: its place in the table, and what a small one takes however small it is. */
const ENTRY_BYTES = 500;

/**
 * Knows images by their ids, up to so many bytes; 0 knows none. In whose answer an image came is no matter: it is given for
 * bytes that are in the caller's own answer, which say the same.
 */
export function createKnownImages(maxBytes: number): KnownImages {
  if (maxBytes === 0) return knowsNone;
  // Of both nothing is asked that would tell what was used last: among so many, that is not worth what it costs.
  const known = new LRUCache<string, Known>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes }) => ENTRY_BYTES + bytes.length,
  });
  /** Ids that answers began with, and how large those were: of no more answers than images could be known of. */
  const beginnings = new LRUCache<string, number>({
    maxSize: maxBytes,
    sizeCalculation: (bytes) => ENTRY_BYTES + 2 * bytes,
  });

  /** Whether an answer that begins with the image at a place has come before, and so may come again. From now on it has. */
  const isWorthReading = (body: Buffer, from: number): boolean => {
    const first = nextId(body, from);
    if (first === null) return false;
    const id = idAt(body, first);
    if (known.has(id) || beginnings.has(id)) return true;
    beginnings.set(id, body.length);
    return false;
  };

  /** The image that begins here, and where it ends; null if what seems to be one is none. */
  const readImage = (body: Buffer, from: number, listEnd: number): Found | null => {
    const at = nextId(body, from);
    if (at === null) return null;
    const id = idAt(body, at);
    const before = known.peek(id);
    if (before !== undefined && isAt(before.bytes, body, from)) {
      return { image: before.image, end: from + before.bytes.length, isKnown: true };
    }
    const end = endOfImage(body, from, listEnd);
    // Where images tell no ids, each would be looked for in all that follows.
    if (end === null || at >= end) return null;
    const image = parseJson(body.toString('utf8', from, end));
    if (!hasId(image)) return null;
    known.set(id, { image, bytes: copyOf(body, from, end) });
    return { image, end, isKnown: false };
  };

  function* readList(body: Buffer, start: number, listEnd: number): Work<Reading | null> {
    const images: WireImage[] = [];
    let areKnown = true;
    let pause = body.length > PIECE_BYTES ? start : Number.POSITIVE_INFINITY;
    for (let at: number | null = start; at !== null; ) {
      if (at >= pause) {
        yield;
        pause = at + PIECE_BYTES;
      }
      const read = readImage(body, at, listEnd);
      if (read === null) return null;
      images.push(read.image);
      areKnown &&= read.isKnown;
      if (afterSpace(body, read.end) === listEnd) return { images, areKnown };
      at = nextImage(body, read.end);
    }
    return null;
  }

  return {
    read(body) {
      const start = startOfList(body);
      const listEnd = endOfList(body);
      if (start === null || listEnd === null || body.length > maxBytes || !isWorthReading(body, start)) return null;
      return readList(body, start, listEnd);
    },
    size: () => ({ images: known.size, bytes: known.calculatedSize }),
  };
}

const knowsNone: KnownImages = { read: () => null, size: () => ({ images: 0, bytes: 0 }) };

const isAt = (bytes: Uint8Array, body: Buffer, from: number): boolean =>
  from + bytes.length <= body.length && body.compare(bytes, 0, bytes.length, from, from + bytes.length) === 0;

/** Bytes of its own: a part of a body would hold on to all of it. */
const copyOf = (body: Buffer, from: number, end: number): Uint8Array =>
  Uint8Array.prototype.slice.call(body, from, end);
