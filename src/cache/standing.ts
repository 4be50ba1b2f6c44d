import { LRUCache } from 'lru-cache';
import { UpstreamError } from '../image/errors.ts';
import type { ImageQuery } from '../image/query-string.ts';
import type { Caller } from '../image/source.ts';

/** A stretch of time through which upstream has refused a caller's credential not once. Pages are kept for one. */
export interface Acceptance {
  /** When upstream last accepted the credential. */
  latestMs: number;
}

/** What upstream has said of its callers' credentials. */
export interface Standing {
  /** A number for a question that begins now; a later question has a greater one. */
  begin(): number;
  /** The caller's acceptance, which lets kept pages be shown; null where there is none, or none for this query. */
  of(query: ImageQuery, caller: Caller): Acceptance | null;
  /** Upstream answered the question that began then. Null where it has refused the caller meanwhile. */
  accept(query: ImageQuery, caller: Caller, began: number): Acceptance | null;
  /** Upstream failed to answer; a refusal ends the caller's acceptance, or shuts the caller out from this query. */
  fail(query: ImageQuery, caller: Caller, error: unknown): void;
}

export interface StandingOptions {
  /** Most callers to remember. One that is forgotten counts as not accepted. */
  readonly maxCallers: number;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
}

const keyOf = (query: ImageQuery, caller: Caller): string => `${caller.key} ${query}`;

/** Knows nobody at first. */
export function createStanding({ maxCallers, now }: StandingOptions): Standing {
  let latest = 0;
  const accepted = new LRUCache<string, Acceptance>({ max: maxCallers });
  const unknown = createRefusals(maxCallers);
  const forbidden = createRefusals(maxCallers);

  return {
    begin: () => (latest += 1),
    of: (query, caller) => (forbidden.has(keyOf(query, caller)) ? null : (accepted.get(caller.key) ?? null)),
    accept(query, caller, began) {
      if (!unknown.lift(caller.key, began) || !forbidden.lift(keyOf(query, caller), began)) return null;
      const acceptance = accepted.get(caller.key) ?? { latestMs: now() };
      acceptance.latestMs = now();
      accepted.set(caller.key, acceptance);
      return acceptance;
    },
    fail(query, caller, error) {
      if (!(error instanceof UpstreamError)) return;
      if (error.code === 'UNAUTHENTICATED') {
        accepted.delete(caller.key);
        unknown.add(caller.key, latest);
      } else if (error.code === 'FORBIDDEN') {
        forbidden.add(keyOf(query, caller), latest);
      }
    },
  };
}

/** Remembers when what was last refused, so that an answer to a question from before cannot lift the refusal. */
function createRefusals(max: number) {
  // What a question must have begun after when it is not known what it was refused: of all that is forgotten, the last.
  let forgotten = 0;
  const refusals = new LRUCache<string, number>({
    max,
    dispose: (at, _key, reason) => {
      if (reason === 'evict') forgotten = Math.max(forgotten, at);
    },
  });
  return {
    has: (key: string) => refusals.has(key),
    add: (key: string, at: number) => void refusals.set(key, at),
    /** Whether nothing stands against what began then; forgets a refusal that was earlier. */
    lift(key: string, began: number): boolean {
      if (began <= (refusals.peek(key) ?? forgotten)) return false;
      refusals.delete(key);
      return true;
    },
  };
}
