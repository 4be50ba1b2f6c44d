import type { Plugin } from 'graphql-yoga';
import type { ServerContext } from '../request-record.ts';
import { wholeData } from '../whole-answer.ts';

/** Tells of answers that may be sent again as they are: without errors, and of fresh pages that were all kept before. */
export function useRenderedResponses(): Plugin<ServerContext, ServerContext> {
  return {
    onResultProcess({ result, serverContext: { record } }) {
      if (record.onWhole === null || Array.isArray(result) || Symbol.asyncIterator in result) return;
      const { pages, usage } = record;
      const areCurrent = pages.flatMap(({ isCurrent }) => isCurrent ?? []);
      const isKept = usage.requests === 0 && areCurrent.length === pages.length;
      if (isKept && wholeData(result) !== null) record.onWhole(areCurrent);
    },
  };
}
