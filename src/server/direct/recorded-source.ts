import { NotCompiled } from '../compiled/not-compiled.ts';
import type { ImageQuery } from '../../image/query-string.ts';
import type { ImagePage, ImageSource } from '../../image/source.ts';

/** A source for one request, and the same source for whoever answers the request from the beginning. */
export interface RecordedSource {
  readonly source: ImageSource;
  /**
   * Gives what `source` gave, question by question; only what it was not asked is asked now. From then on `source` gives
   * nothing more.
   */
  readonly replay: () => ImageSource;
}

/** Remembers what a source gives. */
export function recordSource(source: ImageSource): RecordedSource {
  // Asked twice, a source may tell of two prices.
  const given = new Map<ImageQuery, Promise<ImagePage>[]>();
  let isReplayed = false;
  return {
    source: {
      async list(query, caller, request) {
        // Whoever still asks is not waited for any more.
        if (isReplayed) throw new NotCompiled();
        const page = source.list(query, caller, request);
        const pages = given.get(query);
        if (pages === undefined) given.set(query, [page]);
        else pages.push(page);
        return page;
      },
    },
    replay() {
      isReplayed = true;
      const left = new Map([...given].map(([query, pages]) => [query, [...pages]]));
      return { list: (query, caller, request) => left.get(query)?.shift() ?? source.list(query, caller, request) };
    },
  };
}
