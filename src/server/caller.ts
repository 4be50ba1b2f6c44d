import { createHash } from 'node:crypto';
import type { Caller } from '../image/source.ts';

/** Whose token the gateway presents upstream. */
export type CredentialPolicy =
  /** The token that came with the request; `anonymousToken` where there is none, or null to refuse. */
  | { readonly policy: 'forwarded'; readonly anonymousToken: string | null }
  /** The gateway's own token for every request; what came with the request is not looked at. */
  | { readonly policy: 'own'; readonly token: string };

/** Whether text can be a token: visible ASCII, as headers carry it. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]{1,16384}$/.test(text);

/** The caller behind a request's headers (`X-Auth-Token`, else `Authorization: Bearer`); null where none is known. */
export function headersToCaller(headers: Headers, credentials: CredentialPolicy): Caller | null {
  const token = credentials.policy === 'own' ? credentials.token : (readToken(headers) ?? credentials.anonymousToken);
  return token === null || !isToken(token) ? null : { key: tokenToKey(token), token };
}

function readToken(headers: Headers): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return headers.get('x-auth-token') || bearer || null;
}

const tokenToKey = (token: string): string => createHash('sha256').update(token).digest('base64url');
