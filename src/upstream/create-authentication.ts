import type { Observe } from '../image/events.ts';
import { type Authentication, presentCallersToken, tokenToProof } from './authentication.ts';
import { createAccessKeyAuthentication } from './credentials/access-key.ts';
import type { Credentials } from './credentials/credentials.ts';
import { createIamUserAuthentication } from './credentials/iam-user.ts';

export interface AuthenticationOptions {
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** A wall clock in milliseconds since 1970, for what a signature says of its time. */
  readonly wallNow: () => number;
  /** Longest time for a request to the image service. */
  readonly deadlineMs: number;
  readonly connectTimeoutMs: number;
  /** Told of every token that is fetched. Default: nobody is. */
  readonly observe?: Observe;
}

/** The authentication that credentials call for. */
export function createAuthentication(credentials: Credentials, options: AuthenticationOptions): Authentication {
  if (credentials.kind === 'access-key') return createAccessKeyAuthentication(credentials, options);
  if (credentials.kind === 'iam-user') return createIamUserAuthentication(credentials, options);
  if (credentials.kind === 'forwarded') return presentCallersToken;
  const proof = tokenToProof(credentials.token);
  return { answer: ({ signal }, send) => send(proof, signal), close: async () => {} };
}
