import { LRUCache } from 'lru-cache';
import type { RequestRecord } from '../request-record.ts';
import { createAskedAgain, type IsAskedAgain } from '../asked-again.ts';
import type { SentResponse } from './record-response.ts';

/** A finished response, as it went out. */
export interface RenderedResponse extends Pick<SentResponse, 'status' | 'body'> {
  /** Names and values by turns, without the request's id. */
  readonly headers: readonly string[];
  /** What is recorded of every request that gets it. */
  readonly facts: Pick<RequestRecord, 'operation' | 'caller'>;
  /** For each page that it was made of, whether that would still be given to the same caller. */
  readonly areCurrent: readonly (() => boolean)[];
}

/** Finished responses by the key of their request, see `requestToKey`. */
export interface RenderedResponses {
  /** The response, as long as the caller may be shown every page that it was made of, and each is fresh; else null. */
  find(key: string): RenderedResponse | null;
  readonly isAskedAgain: IsAskedAgain;
  keep(key: string, response: RenderedResponse): void;
  size(): { readonly responses: number; readonly bytes: number };
}

/** What an entry takes beside its texts and its body: objects, functions, and its place in the map. */
const ENTRY_BYTES = 1000;

/** How many keys are remembered to tell what is asked again. */
const MAX_ASKED = 10_000;

/** Keeps the responses that were used last, up to `maxBytes` of memory. */
export function createRenderedResponses(maxBytes: number): RenderedResponses {
  const responses = new LRUCache<string, RenderedResponse>({
    maxSize: maxBytes,
    sizeCalculation: ({ body, areCurrent }) => body.length + ENTRY_BYTES * (1 + areCurrent.length),
  });
  return {
    isAskedAgain: createAskedAgain(MAX_ASKED),
    find(key) {
      const response = responses.get(key);
      if (response === undefined) return null;
      if (response.areCurrent.every((isCurrent) => isCurrent())) return response;
      responses.delete(key);
      return null;
    },
    keep: (key, response) => void responses.set(key, response),
    size: () => ({ responses: responses.size, bytes: responses.calculatedSize }),
  };
}
