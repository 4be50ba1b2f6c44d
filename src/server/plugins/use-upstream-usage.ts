import type { Plugin } from 'graphql-yoga';
import type { ImageContext } from '../../schema/context.ts';

/** Tells in `extensions.upstream` what an answer with images cost upstream, so that an expensive filter can be seen. */
export function useUpstreamUsage(): Plugin<ImageContext> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        const { usage }: ImageContext = args.contextValue;
        if (Symbol.asyncIterator in result || (usage.requests === 0 && usage.rowsRead === 0)) return;
        setResult({ ...result, extensions: { ...result.extensions, upstream: { ...usage } } });
      },
    }),
  };
}
