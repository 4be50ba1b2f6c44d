import { UpstreamError } from '../image/errors.ts';
import type { ImageQuery } from '../image/query-string.ts';
import type { Caller, ImagePage } from '../image/source.ts';

/** A GET of the image list, before anything proves who asks. */
export interface UnprovenRequest {
  /** Host and port, as the `Host` header has them. */
  readonly host: string;
  readonly path: string;
  readonly query: ImageQuery;
  readonly caller: Caller;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What proves to the image service who asks. */
export interface Proof {
  readonly headers: Readonly<Record<string, string>>;
  /** What no client may read in an answer. */
  readonly secrets: readonly string[];
}

/**
 * Sends the request once, with a proof. Rejects with an `UpstreamError`, or with the signal's reason if it aborts before
 * the answer is there.
 */
export type SendProven = (proof: Proof, signal: AbortSignal) => Promise<ImagePage>;

/** A way to prove who asks; it sends the request itself, as it must learn how the proof was taken. */
export interface Authentication {
  /**
   * The answer to a proven request. Rejects with what `send` rejects with, or where no proof can be had, and with the
   * reason of the request's signal once that aborts.
   */
  answer(request: UnprovenRequest, send: SendProven): Promise<ImagePage>;
  close(): Promise<void>;
}

/** The proof that is a token. */
export const tokenToProof = (token: string): Proof => ({ headers: { 'x-auth-token': token }, secrets: [token] });

/** Presents the token that each caller has brought. */
export const presentCallersToken: Authentication = {
  async answer({ caller, signal }, send) {
    if (caller.token === null) throw new UpstreamError('UNAUTHENTICATED');
    return send(tokenToProof(caller.token), signal);
  },
  close: async () => {},
};
