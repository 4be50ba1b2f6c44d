import { createHash } from 'node:crypto';

/** By whose rights the image service is asked. */
export type Credentials =
  /** Those of each request's own caller; `anonymousToken` stands in where it brings no token, null refuses it. */
  { readonly kind: 'forwarded'; readonly anonymousToken: string | null } | OwnCredentials;

/** Credentials of the gateway itself: every caller sees what these see. */
export type OwnCredentials =
  /** A token that somebody else renews. */
  | { readonly kind: 'token'; readonly token: string }
  | ({ readonly kind: 'access-key' } & AccessKey)
  | ({ readonly kind: 'iam-user' } & IamUser);

/** An access key, permanent or temporary. */
export interface AccessKey {
  readonly accessKey: string;
  readonly secretKey: string;
  /** What a temporary key is presented with. */
  readonly securityToken: string | null;
  /** Needed where the account has several projects in the region. */
  readonly projectId: string | null;
}

/** A user who gets tokens by password. */
export interface IamUser {
  /** The account that the user belongs to. */
  readonly domainName: string;
  readonly userName: string;
  readonly password: string;
  /** What the tokens are for: the image service takes no others than a project's. */
  readonly project: { readonly name: string } | { readonly id: string };
  /** Scheme, host and port of IAM. */
  readonly endpoint: string;
  /** Longest time for fetching a token. */
  readonly deadlineMs: number;
}

/** What tells these credentials from others in a cache, without revealing them. */
export function credentialsToKey(credentials: OwnCredentials): string {
  const text = JSON.stringify([credentials.kind, ...toIdentity(credentials)]);
  return createHash('sha256').update(text).digest('base64url');
}

function toIdentity(credentials: OwnCredentials): readonly unknown[] {
  if (credentials.kind === 'token') return [credentials.token];
  if (credentials.kind === 'access-key') return [credentials.accessKey, credentials.projectId];
  return [credentials.domainName, credentials.userName, credentials.project];
}
