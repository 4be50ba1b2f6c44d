import type { ErrorCode } from '../image/errors.ts';
import { toImageQuery } from '../image/query-string.ts';
import type { Caller, ImageSource } from '../image/source.ts';
import type { CallerPolicy } from './caller.ts';
import type { ReadinessOptions } from './readiness.ts';

/** The least that can be asked. */
const query = toImageQuery([['limit', '1']]);

/**
 * Asks for one image with the gateway's own credentials. Where it has none, the refusal of a token that nobody has
 * proves as well that upstream is there and works.
 */
export function createUpstreamProbe(
  source: ImageSource,
  callers: CallerPolicy,
  newRequestId: () => string,
): Pick<ReadinessOptions, 'probe' | 'answersOfLife'> {
  const token = callers.kind === 'own' ? null : (callers.anonymousToken ?? 'readiness-probe');
  const caller: Caller = { key: 'readiness', token };
  const always: ErrorCode[] = ['UPSTREAM_THROTTLED', 'UPSTREAM_BAD_REQUEST'];
  const ofCallers: ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN'];
  return {
    probe: (signal) => source.list(query, caller, { id: newRequestId(), signal }),
    answersOfLife: new Set(callers.kind === 'own' ? always : [...always, ...ofCallers]),
  };
}
