import { LRUCache } from 'lru-cache';
import { parseJson } from '../image/json.ts';
import { hasId, type WireImage } from '../image/source.ts';
import { endOfImage, idAfter, isEnd, nextImage, startOfList } from './list-text.ts';

/** Images that answers held before: one that comes again, byte for byte, is not parsed again. */
export interface KnownImages {
  /**
   * Reads an answer that begins with an image which has come before; the images that are known are the very same objects
   * again. Null for any other answer, and where it is not plainly a list of images: such a one is for `JSON.parse`.
   */
  read(body: Buffer): Reading | null;
  /** How many there are, and how many bytes upstream sent for them. */
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

/** Most ids to remember that answers began with. */
const MAX_BEGINNINGS = 10_000;

/**
 * Knows images by their ids, and up to so many bytes as upstream sent; 0 knows none. In whose answer an image came is no
 * matter: it is given for bytes that are in the caller's own answer, which say the same.
 */
export function createKnownImages(maxBytes: number): KnownImages {
  if (maxBytes === 0) return knowsNone;
  const known = new LRUCache<string, Known>({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes.length });
  const beginnings = new LRUCache<string, true>({ max: MAX_BEGINNINGS });

  /** The image that begins here, and where it ends; null if what seems to be one is none. */
  const readImage = (
    body: Buffer,
    from: number,
  ): { readonly image: WireImage; readonly end: number; readonly isKnown: boolean } | null => {
    // Not `get`: which image was used last, among so many, is not worth what it costs to know.
    const id = idAfter(body, from) ?? '';
    const before = known.peek(id);
    if (before !== undefined && isAt(before.bytes, body, from)) {
      return { image: before.image, end: from + before.bytes.length, isKnown: true };
    }
    const end = endOfImage(body, from);
    const image = parseJson(body.toString('utf8', from, end));
    if (!hasId(image)) return null;
    known.set(id, { image, bytes: copyOf(body, from, end) });
    return { image, end, isKnown: false };
  };

  return {
    read(body) {
      let at = startOfList(body);
      const first = at === null ? null : idAfter(body, at);
      if (first === null) return null;
      if (!known.has(first) && !beginnings.has(first)) {
        // Most answers that come once never come again.
        beginnings.set(first, true);
        return null;
      }
      const images: WireImage[] = [];
      let areKnown = true;
      while (at !== null) {
        const read = readImage(body, at);
        if (read === null) return null;
        images.push(read.image);
        areKnown &&= read.isKnown;
        if (isEnd(body, read.end)) return { images, areKnown };
        at = nextImage(body, read.end);
      }
      return null;
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
