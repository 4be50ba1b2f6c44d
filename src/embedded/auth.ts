import type { IncomingMessage } from 'node:http';
import type { Accounts } from './accounts.ts';
import { RefusedError } from './errors.ts';
import type { Signatures } from './signatures.ts';
import type { Tokens } from './tokens.ts';

/** Who a request may speak for. */
export interface Doorkeeper {
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly signatures: Signatures;
  /** A wall clock in milliseconds since 1970. */
  readonly wallNow: () => number;
}

/** The last value of a header. */
export const headerOf = (request: IncomingMessage, name: string): string | undefined =>
  request.headersDistinct[name]?.at(-1);

/** The project that a request lists images for; throws the refusals of the API gateway and of IMS, without the token. */
export function requestToProject(
  request: IncomingMessage,
  { accounts, tokens, signatures, wallNow }: Doorkeeper,
): string {
  const token = headerOf(request, 'x-auth-token');
  const isSigned = token === undefined && request.headers.authorization?.startsWith('SDK-HMAC-SHA256 ');
  const project = accounts.listingProjectOf(
    isSigned ? signatures.requestToName(request) : tokenToName(token, accounts, tokens, wallNow),
  );
  if (isSigned && ![undefined, project].includes(headerOf(request, 'x-project-id'))) throw new RefusedError('IMG.0067');
  return project;
}

function tokenToName(token: string | undefined, accounts: Accounts, tokens: Tokens, wallNow: () => number): string {
  if (token === undefined || token === '') throw new RefusedError('APIGW.0301', 'X-Auth-Token is missing');
  if (accounts.isKnown(token)) return token;
  const issued = tokens.read(token);
  if (issued === null) throw new RefusedError('APIGW.0301', 'decrypt token fail');
  if (wallNow() >= issued.endsAtMs) throw new RefusedError('APIGW.0307');
  return issued.name;
}
