import { LRUCache } from 'lru-cache';

/** Whether a key has been asked about before, not too long ago; from now on it has. */
export type IsAskedAgain = (key: string) => boolean;

/** Remembers the keys that were new last, to tell what comes again: most of what comes once is not worth keeping. */
export function createAskedAgain(maxKeys: number): IsAskedAgain {
  const asked = new LRUCache<string, true>({ max: maxKeys });
  return (key) => {
    if (asked.has(key)) return true;
    asked.set(key, true);
    return false;
  };
}
