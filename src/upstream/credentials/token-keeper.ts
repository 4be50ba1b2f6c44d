import { IdentityError, UpstreamError } from '../../image/errors.ts';
import type { Observe } from '../../image/events.ts';
import type { IssuedToken } from './iam-client.ts';

export interface TokenKeeperOptions {
  /** Rejects with an `UpstreamError`. */
  readonly fetchToken: () => Promise<IssuedToken>;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly observe: Observe;
}

/** Keeps one token and renews it before its end: one fetch at a time, whoever waits for it. */
export interface TokenKeeper {
  /**
   * A token that has not ended. Waits only where there is none: from half of a token's life on, the first to ask starts
   * its renewal and goes on with the old one. Rejects as `fetchToken` does; who asks next tries again, but not at once
   * after IAM has refused the user.
   */
  get(): Promise<string>;
  /** The image service has taken a token. */
  accepted(token: string): void;
  /** The image service has refused a token. */
  refused(token: string): void;
}

interface KeptToken {
  readonly token: string;
  readonly fetchedAt: number;
  readonly renewFrom: number;
  readonly endsAt: number;
  /** Whether it came in place of one that the image service had refused. */
  readonly isReplacement: boolean;
  isAccepted: boolean;
}

/** First wait after IAM has refused the user; doubles up to the longest with each refusal in a row. */
const FIRST_BACKOFF_MS = 60_000;
const LONGEST_BACKOFF_MS = 15 * 60_000;
/** Between failed renewals that nobody waits for. */
const RENEWAL_PACE_MS = 30_000;
/** Least life of a new token that the image service refuses like the one before it. */
const LEAST_LIFE_MS = 60_000;

export function createTokenKeeper({ fetchToken, now, observe }: TokenKeeperOptions): TokenKeeper {
  let kept: KeptToken | null = null;
  let flight: Promise<string> | null = null;
  let wasRefused = false;
  let refusals: { readonly error: UpstreamError; readonly count: number; readonly until: number } | null = null;
  let noRenewalBefore = Number.NEGATIVE_INFINITY;

  const fetchAndKeep = async (): Promise<string> => {
    // The token's life may have begun as early as this.
    const fetchedAt = now();
    const isReplacement = wasRefused;
    try {
      const { token, lifetimeMs } = await fetchToken();
      kept = {
        token,
        fetchedAt,
        renewFrom: fetchedAt + lifetimeMs / 2,
        endsAt: fetchedAt + lifetimeMs,
        isReplacement,
        isAccepted: false,
      };
      wasRefused = false;
      refusals = null;
      observe({ kind: 'token', outcome: 'renewed' });
      return token;
    } catch (error) {
      noRenewalBefore = now() + RENEWAL_PACE_MS;
      if (error instanceof UpstreamError) {
        observe({ kind: 'token', outcome: error.code });
        if (error.upstream.status === 401) {
          const count = (refusals?.count ?? 0) + 1;
          const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (count - 1));
          refusals = { error, count, until: now() + backoffMs };
        }
      }
      throw error;
    }
  };

  const renew = (): Promise<string> =>
    (flight ??= fetchAndKeep().finally(() => {
      flight = null;
    }));

  return {
    async get() {
      const isBackingOff = refusals !== null && now() < refusals.until;
      if (kept !== null && now() < kept.endsAt) {
        const isDue = now() >= Math.max(kept.renewFrom, noRenewalBefore) && !isBackingOff;
        // A failure is told to `observe`; whoever needs the token will try again.
        if (isDue) renew().catch(() => {});
        return kept.token;
      }
      if (refusals !== null && isBackingOff) throw backoffError(refusals.error, refusals.until - now());
      return renew();
    },
    accepted(token) {
      if (kept?.token === token) kept.isAccepted = true;
    },
    refused(token) {
      // The token has been replaced already.
      if (kept?.token !== token) return;
      // New tokens do not help, so IAM is not asked for one with every request.
      if (kept.isReplacement && !kept.isAccepted && now() - kept.fetchedAt < LEAST_LIFE_MS) return;
      kept = null;
      wasRefused = true;
    },
  };
}

const backoffError = ({ code, message, upstream }: UpstreamError, leftMs: number): UpstreamError =>
  new IdentityError(code, `${message} It is asked again in ${Math.ceil(leftMs / 1000)} s.`, upstream);
