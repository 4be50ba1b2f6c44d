import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Staleness } from '../../image/source.ts';
import type { ImageContext } from '../../schema/context.ts';

/**
 * Tells of an answer with images that are not fresh: in `extensions.stale`, and in the headers `Age` (RFC 9111, section
 * 5.1) and `Warning` (RFC 7234, section 5.5).
 */
export function useStaleness(): Plugin<ImageContext & YogaInitialContext> {
  const answers = new WeakMap<Request, Staleness>();
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        const { stale, request }: ImageContext & YogaInitialContext = args.contextValue;
        const worst = worstOf(stale);
        if (Symbol.asyncIterator in result || worst === null) return;
        answers.set(request, worst);
        const { ageMs, because, code } = worst;
        const shown = { ageSeconds: toSeconds(ageMs), because, ...(code === null ? {} : { code }) };
        setResult({ ...result, extensions: { ...result.extensions, stale: shown } });
      },
    }),
    onResponse({ request, response }) {
      const worst = answers.get(request);
      if (worst === undefined) return;
      response.headers.set('age', String(toSeconds(worst.ageMs)));
      response.headers.append('warning', '110 - "Response is Stale"');
      if (worst.because === 'upstream-failed') response.headers.append('warning', '111 - "Revalidation Failed"');
    },
  };
}

const toSeconds = (ms: number): number => Math.ceil(ms / 1000);

/** The greatest age of all, and the failure of whichever has one. */
function worstOf(stale: readonly Staleness[]): Staleness | null {
  const [oldest] = stale.toSorted((a, b) => b.ageMs - a.ageMs);
  if (oldest === undefined) return null;
  const { because, code } = stale.find((one) => one.because === 'upstream-failed') ?? oldest;
  return { ageMs: oldest.ageMs, because, code };
}
