import { UpstreamError } from '../image/errors.ts';
import type { Observe } from '../image/events.ts';
import type { ImageSource } from '../image/source.ts';

/** Tells how each question to the source ended. */
export const observeAttempts = (source: ImageSource, observe: Observe, now: () => number): ImageSource => ({
  async list(query, caller, request) {
    const startedAt = now();
    const tell = (outcome: 'ok' | 'aborted' | UpstreamError['code'], error?: UpstreamError) =>
      observe({
        kind: 'attempt',
        requestId: request.id,
        outcome,
        status: error?.upstream.status ?? (outcome === 'ok' ? 200 : null),
        durationMs: now() - startedAt,
        upstreamRequestId: error?.upstream.requestId ?? null,
      });
    try {
      const page = await source.list(query, caller, request);
      tell('ok');
      return page;
    } catch (error) {
      if (error instanceof UpstreamError) tell(error.code, error);
      else tell('aborted');
      throw error;
    }
  },
});
