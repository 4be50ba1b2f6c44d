import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../image/source.ts';
import { isToken } from '../image/token.ts';

/** Who a request's caller is to the image service. */
export type CallerPolicy =
  /** Whoever the token that came with the request says; `anonymousToken` where there is none, or null to refuse. */
  | { readonly kind: 'forwarded'; readonly anonymousToken: string | null }
  /** The gateway itself, for every request; what came with the request is not looked at. */
  | { readonly kind: 'own'; readonly key: string };

/** A header's value by its name in lower case; null where there is none. */
export type HeaderReader = Pick<Headers, 'get'>;

/** Reads headers as Node has them. */
export const readerOf = (headers: IncomingHttpHeaders): HeaderReader => ({
  get: (name) => headers[name]?.toString() ?? null,
});

/** The caller behind a request's headers (`X-Auth-Token`, else `Authorization: Bearer`); null where none is known. */
export function headersToCaller(headers: HeaderReader, policy: CallerPolicy): Caller | null {
  if (policy.kind === 'own') return { key: policy.key, token: null };
  const token = readToken(headers) ?? policy.anonymousToken;
  return token === null || !isToken(token) ? null : { key: tokenToKey(token), token };
}

function readToken(headers: HeaderReader): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return headers.get('x-auth-token') || bearer || null;
}

const tokenToKey = (token: string): string => hash('sha256', token, 'base64url');
