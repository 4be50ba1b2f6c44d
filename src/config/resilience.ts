import { z } from 'zod';
import { milliseconds, wholeNumber } from './numbers.ts';

/** What stands between a question and the client of the image service. */
export interface ResilienceConfig {
  readonly resilience: {
    /** Longest time for a question with all its attempts and waits. */
    readonly deadlineMs: number;
    /** Most attempts after a question's first one. */
    readonly maxRetries: number;
    readonly maxConcurrent: number;
    readonly maxQueued: number;
    /** 0 is for no circuit breaker. */
    readonly breakerOpenMs: number;
  };
  readonly cache: {
    readonly maxBytes: number;
    readonly maxPages: number;
    /** 0 switches the cache off. */
    readonly freshMs: number;
    readonly revalidateMs: number;
    readonly staleIfErrorMs: number;
    /** Null keeps every page to its caller. */
    readonly sharing: { readonly acceptedMs: number } | null;
  };
}

const DAY_MS = 86_400_000;

/** The variables that say how long and how often upstream is asked, and what is kept. */
export const resilienceVariables = {
  IMS_DEADLINE_MS: milliseconds.default(15_000),
  IMS_MAX_RETRIES: wholeNumber(0, 10).default(2),
  IMS_MAX_CONCURRENT: wholeNumber(1, 1000).optional(),
  IMS_MAX_QUEUED: wholeNumber(0, 100_000).default(1000),
  IMS_BREAKER_OPEN_MS: wholeNumber(0, 600_000).default(5000),
  CACHE_FRESH_MS: wholeNumber(0, DAY_MS).default(30_000),
  CACHE_REVALIDATE_MS: wholeNumber(0, DAY_MS).default(60_000),
  CACHE_STALE_IF_ERROR_MS: wholeNumber(0, 7 * DAY_MS).default(600_000),
  CACHE_SHARE_PUBLIC: z.enum(['on', 'off']).default('off'),
  CACHE_SHARE_ACCEPTED_MS: wholeNumber(1, DAY_MS).default(300_000),
  CACHE_MAX_BYTES: wholeNumber(1024, 2 ** 36).default(64 * 2 ** 20),
  CACHE_MAX_PAGES: wholeNumber(1, 1_000_000).default(10_000),
};

type ResilienceRead = z.infer<z.ZodObject<typeof resilienceVariables>>;

/**
 * What the variables say; as many questions at once as there are connections, unless they say otherwise, and never more
 * than the credentials allow: what waits should wait where the queue is bounded.
 */
export const readResilience = (read: ResilienceRead, connections: number, mostAtOnce: number): ResilienceConfig => ({
  resilience: {
    deadlineMs: read.IMS_DEADLINE_MS,
    maxRetries: read.IMS_MAX_RETRIES,
    maxConcurrent: Math.min(read.IMS_MAX_CONCURRENT ?? connections, mostAtOnce),
    maxQueued: read.IMS_MAX_QUEUED,
    breakerOpenMs: read.IMS_BREAKER_OPEN_MS,
  },
  cache: {
    maxBytes: read.CACHE_MAX_BYTES,
    maxPages: read.CACHE_MAX_PAGES,
    freshMs: read.CACHE_FRESH_MS,
    revalidateMs: read.CACHE_REVALIDATE_MS,
    staleIfErrorMs: read.CACHE_STALE_IF_ERROR_MS,
    sharing: read.CACHE_SHARE_PUBLIC === 'on' ? { acceptedMs: read.CACHE_SHARE_ACCEPTED_MS } : null,
  },
});
