import { Pool } from 'undici';
import { IdentityError, type UpstreamDetail, UpstreamError } from '../../image/errors.ts';
import { isRecord, parseJson } from '../../image/json.ts';
import { isToken } from '../../image/token.ts';
import { answerToError, headToDetail, networkErrorToError } from '../failure.ts';
import { withDeadline } from '../../image/with-deadline.ts';
import type { IamUser } from './credentials.ts';

/** A token, and how long it lasts from its issue on. */
export interface IssuedToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** IAM, as far as it issues tokens to one user. */
export interface IamClient {
  /** A new token for the user's project. Rejects with an `UpstreamError` that says nothing of the user. */
  fetchToken(): Promise<IssuedToken>;
  /** Ends all requests and closes the connections. */
  close(): Promise<void>;
}

/** "Obtaining a User Token Through Password Authentication" (IAM API reference). The catalogue is left out of the answer. */
const PATH = '/v3/auth/tokens?nocatalog=true';

const MAX_BODY_BYTES = 2 ** 20;
/** A token is a header, and as long as the user's permissions make it. */
const MAX_HEADER_BYTES = 64 * 1024;

export function createIamClient(user: IamUser, connectTimeoutMs: number): IamClient {
  const { host } = new URL(user.endpoint);
  const pool = new Pool(user.endpoint, {
    connections: 2,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: user.deadlineMs,
    bodyTimeout: user.deadlineMs,
    maxResponseSize: MAX_BODY_BYTES,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  const secrets = [user.password, user.userName, user.domainName, host];
  const body = JSON.stringify(userToBody(user));

  const post = async (signal: AbortSignal): Promise<IssuedToken> => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const answer = await pool.request({ method: 'POST', path: PATH, headers, body, signal }).catch((error: unknown) => {
      throw networkErrorToError(error);
    });
    const head = headToDetail(answer.statusCode, answer.headers, secrets);
    const text = await answer.body.text().catch((error: unknown) => {
      throw networkErrorToError(error, head);
    });
    if (head.status !== 201) throw answerToError(head, text, secrets, null);
    const token = answer.headers['x-subject-token'];
    const lifetimeMs = bodyToLifetimeMs(text);
    if (typeof token !== 'string' || !isToken(token) || lifetimeMs === null) {
      throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', undefined, head);
    }
    return { token, lifetimeMs };
  };

  return {
    fetchToken: () =>
      withDeadline(user.deadlineMs, new AbortController().signal, post).catch((error: unknown) => {
        throw error instanceof UpstreamError ? tokenError(error, secrets) : error;
      }),
    close: () => pool.destroy(),
  };
}

const userToBody = ({ userName, password, domainName, project }: IamUser) => ({
  auth: {
    identity: {
      methods: ['password'],
      password: { user: { name: userName, password, domain: { name: domainName } } },
    },
    scope: { project },
  },
});

/**
 * How long the token of an answer lasts, by what IAM itself says of its issue and its end: this machine's clock may be
 * wrong. Null for an answer that does not tell.
 */
function bodyToLifetimeMs(text: string): number | null {
  const answer = parseJson(text);
  const token = isRecord(answer) ? answer['token'] : undefined;
  if (!isRecord(token)) return null;
  const lifetimeMs = Date.parse(String(token['expires_at'])) - Date.parse(String(token['issued_at']));
  return lifetimeMs > 0 ? lifetimeMs : null;
}

/** A failure of IAM, told apart from one of the image service. */
function tokenError({ code, upstream }: UpstreamError, secrets: readonly string[]): IdentityError {
  const message =
    code === 'UNAUTHENTICATED'
      ? "The identity service refused the gateway's IAM user."
      : 'The gateway could not get a token for its IAM user from the identity service.';
  return new IdentityError(code, message, withoutUser(upstream, secrets));
}

/** Names and passwords may be short words; what quotes one is left out whole. */
function withoutUser(upstream: UpstreamDetail, secrets: readonly string[]): UpstreamDetail {
  const isClean = (said: unknown) => !secrets.some((secret) => String(said).includes(secret));
  return Object.fromEntries(Object.entries(upstream).filter(([name, said]) => name === 'status' || isClean(said)));
}
