import type { ErrorCode } from './errors.ts';
import { isRecord } from './json.ts';
import type { ImageQuery } from './query-string.ts';

/**
 * An image as upstream sent it; decoded attribute by attribute, and only when selected. One object may stand for it in
 * several pages, of several callers, and more than once in one where upstream says it more than once.
 */
export type WireImage = Readonly<Record<string, unknown>> & { readonly id: string };

/** Whether a value of an answer can be taken for an image. */
export const hasId = (image: unknown): image is WireImage =>
  isRecord(image) && typeof image['id'] === 'string' && image['id'] !== '';

/** One answer to one query. */
export interface ImagePage {
  readonly images: readonly WireImage[];
  /** Length of the answer's body; what the cache counts. */
  readonly sizeBytes: number;
  /**
   * Reads the images once more, out of the answer's bytes, which take less memory: a long answer piece by piece, with turns of
   * the event loop between. Absent where those bytes are not at hand.
   */
  readonly readAgain?: () => readonly WireImage[] | Promise<readonly WireImage[]>;
  /** Upstream requests that the answer cost whoever asked for it; 0 for one that was kept or shared. */
  readonly requests: number;
  /** Absent for a page that is as fresh as the operator wants pages to be. */
  readonly stale?: Staleness;
  /**
   * Tells, at any later time, whether the same question of the same caller would still get this very page, fresh and
   * without a word to upstream. Absent where nobody keeps the page.
   */
  readonly isCurrent?: () => boolean;
}

/** Why a page is older than the operator wants pages to be. */
export interface Staleness {
  /** Since it arrived. */
  readonly ageMs: number;
  /** A newer one is on its way, or upstream was asked for one in vain. */
  readonly because: 'revalidating' | 'upstream-failed';
  /** What asking in vain ended with; null while nothing has failed. */
  readonly code: ErrorCode | null;
}

/** Whose eyes upstream judges by. */
export interface Caller {
  /** Separates callers in every cache and loader. Derived from the credential, but does not reveal it. */
  readonly key: string;
  /** The caller's own token; null where upstream judges by the gateway's credentials. Never logged, never part of a key. */
  readonly token: string | null;
}

/** What the layers below a GraphQL request need to know of it. */
export interface SourceRequest {
  /** Tells the request's lines in every log, upstream's too: it goes there as `X-Request-Id`. */
  readonly id: string;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** When an answer is of no use any more, by the gateway's monotonic clock; absent where no layer above has set it. */
  readonly endsAtMs?: number;
}

/** Anything that answers image queries: the REST client, and every layer in front of it. */
export interface ImageSource {
  /**
   * The page that upstream gives `caller` for `query`.
   * Rejects with an `UpstreamError`, or with the signal's reason once it aborts, unless upstream has answered by then; both
   * leave the source usable.
   */
  list(query: ImageQuery, caller: Caller, request: SourceRequest): Promise<ImagePage>;
}
