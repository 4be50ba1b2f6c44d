import { TokenBucket } from 'limiter';
import { LRUCache } from 'lru-cache';

/** Most callers that are told apart. Past it the one that was silent longest starts with a full allowance again. */
const MAX_CALLERS = 20_000;

export interface RateLimit {
  /** Takes one request from a caller's allowance; answers 0, or how many milliseconds the caller has to wait. */
  take(key: string): number;
  /** How many callers are remembered. */
  callers(): number;
}

/** An allowance per key that refills steadily: a whole minute's requests at once, and then `perMinute` a minute. */
export function createRateLimit(perMinute: number): RateLimit {
  const buckets = new LRUCache<string, TokenBucket>({ max: MAX_CALLERS });
  const bucketOf = (key: string): TokenBucket => {
    const known = buckets.get(key);
    if (known !== undefined) return known;
    const bucket = new TokenBucket({ bucketSize: perMinute, tokensPerInterval: perMinute, interval: 'minute' });
    bucket.content = perMinute;
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    callers: () => buckets.size,
    take(key) {
      const bucket = bucketOf(key);
      return bucket.tryRemoveTokens(1) ? 0 : Math.max(1, bucket.getWaitTime(1));
    },
  };
}
