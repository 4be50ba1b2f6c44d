import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** The texts of documents by the SHA-256 of their UTF-8 bytes, in lower-case hexadecimal digits. */
export interface DocumentStore {
  get(sha256: string): string | undefined;
  /** Keeps a text under its own hash, and may forget others for it. */
  add(text: string): void;
}

export const toSha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What an entry takes beside its text: its key, and its place in the map. */
const ENTRY_BYTES = 200;

/** Keeps the documents that were used last, up to `maxBytes` of memory. */
export function createDocumentStore(maxBytes: number): DocumentStore {
  const texts = new LRUCache<string, string>({
    maxSize: maxBytes,
    // V8 takes two bytes a character as soon as one is beyond Latin-1.
    sizeCalculation: (text) => text.length * 2 + ENTRY_BYTES,
  });
  return {
    get: (sha256) => texts.get(sha256),
    add: (text) => void texts.set(toSha256(text), text),
  };
}
