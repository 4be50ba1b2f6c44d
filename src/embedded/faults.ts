/** A way for an answer to go wrong. */
export type Fault =
  /** Another answer; a body that is not text is sent as JSON. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The right answer, late. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** No answer, ever. */
  | { readonly kind: 'hang' }
  /** The connection breaks before the headers. */
  | { readonly kind: 'reset' }
  /** The connection breaks within the body. */
  | { readonly kind: 'reset-body' }
  /** The answer stops within the body, and the connection stays open. */
  | { readonly kind: 'stall-body' }
  /** Half of the JSON text, as a complete answer. */
  | { readonly kind: 'truncate' }
  /** Status 200 with this body. */
  | { readonly kind: 'body'; readonly body: string; readonly contentType?: string };

/** Which requests a fault meets: `times` of them (default: all until `clear`), those whose `url` (path and query) fits. */
export interface FaultScope {
  readonly times?: number;
  readonly when?: (url: string) => boolean;
}

/** The switch for tests. Nothing in a request reaches it. */
export interface Faults {
  add(fault: Fault, scope?: FaultScope): void;
  clear(): void;
}

/** The switch with its other end. */
export interface FaultQueue extends Faults {
  /** The fault of this request: of those that fit, the one added first. Counts the request. */
  take(url: string): Fault | null;
}

/** A switch without faults. */
export function createFaults(): FaultQueue {
  let rules: { fault: Fault; left: number; when: (url: string) => boolean }[] = [];
  return {
    add: (fault, { times = Number.POSITIVE_INFINITY, when = () => true } = {}) => {
      rules.push({ fault, left: times, when });
    },
    clear: () => {
      rules = [];
    },
    take: (url) => {
      const rule = rules.find(({ left, when }) => left > 0 && when(url));
      if (rule === undefined) return null;
      rule.left -= 1;
      return rule.fault;
    },
  };
}
