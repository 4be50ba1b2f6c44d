const HEADER = 'x-request-id';

/** The id that a client or proxy gave its request in `X-Request-Id`; null where there is none that can be passed on. */
export function headersToRequestId(headers: Headers): string | null {
  const given = headers.get(HEADER) ?? '';
  return /^[\w.:=+/-]{1,100}$/.test(given) ? given : null;
}
