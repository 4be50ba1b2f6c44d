import { hash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { CallerPolicy } from '../caller.ts';

/** Every header of a request that its answer may depend on, but for those that tell who the caller is. */
const answerHeaders = ['accept', 'accept-encoding', 'content-type', 'if-none-match', 'origin'] as const;

/** The headers that tell who the caller is. */
const callerHeaders = ['authorization', 'x-auth-token'] as const;

/**
 * A digest of all that an answer depends on: method, target, body, and every header that counts, callers' tokens among
 * them. Two requests with one key get one answer; as it is a digest, it gives no token away.
 */
export function requestToKey({ method, url, headers }: IncomingMessage, body: Buffer, callers: CallerPolicy): string {
  const counted = callers.kind === 'own' ? answerHeaders : [...answerHeaders, ...callerHeaders];
  return hash('sha256', `${method} ${url}${toText(headers, counted)}\n\n${body.toString('latin1')}`, 'base64url');
}

/** No header holds a line break or a NUL, so that no two lists of values give one text. */
const toText = (headers: IncomingHttpHeaders, names: readonly (keyof IncomingHttpHeaders)[]): string => {
  let text = '';
  for (const name of names) text += `\n${headers[name]?.toString() ?? '\0'}`;
  return text;
};
