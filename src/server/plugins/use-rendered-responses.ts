import type { Plugin } from 'graphql-yoga';
import type { RequestRecord, ServerContext } from '../request-record.ts';
import { wholeData } from '../whole-answer.ts';

/** Tells of answers that may be sent again as they are: of images, without errors, and of fresh pages that were all kept before. */
export function useRenderedResponses(): Plugin<ServerContext, ServerContext> {
  return {
    onResultProcess({ result, serverContext: { record } }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      if (wholeData(result) !== null) tellWhole(record);
    },
  };
}

/** Tells of a whole and fresh answer, before it goes out, if all its pages were kept before: it may be sent again as it is. */
export function tellWhole(record: RequestRecord): void {
  if (record.onWhole === null) return;
  const { pages, usage } = record;
  const areCurrent = pages.flatMap(({ isCurrent }) => isCurrent ?? []);
  const isKept = pages.length > 0 && usage.requests === 0 && areCurrent.length === pages.length;
  if (isKept) record.onWhole(areCurrent);
}
