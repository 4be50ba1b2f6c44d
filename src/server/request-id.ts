import type { IncomingHttpHeaders } from 'node:http';

/** Carries the id of a request, from the client, upstream, and back. */
export const REQUEST_ID_HEADER = 'x-request-id';

/**
 * The id that a client or proxy gave its request in `X-Request-Id`; null where there is none that can be passed on, and
 * where it holds the request's credential, as ids are logged.
 */
export function headersToRequestId(headers: IncomingHttpHeaders): string | null {
  const given = headers[REQUEST_ID_HEADER]?.toString();
  if (given === undefined) return null;
  const credentials = [headers['x-auth-token'], headers.authorization?.split(' ').at(-1)].flat();
  if (
    credentials.some((credential) => credential !== undefined && credential.length > 3 && given.includes(credential))
  ) {
    return null;
  }
  return /^[\w.:=+/-]{1,100}$/.test(given) ? given : null;
}
