import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { CallerPolicy } from '../caller.ts';

/** Every header of a request that its answer may depend on, but for those that tell who the caller is. */
const answerHeaders = [
  'accept',
  'accept-encoding',
  'content-type',
  'if-none-match',
  'origin',
  // Browsers send it to ask for leave only; it is answered whoever sends it.
  'access-control-request-headers',
] as const;

const allHeaders = [...answerHeaders, 'authorization', 'x-auth-token'] as const;

/**
 * A digest of all that an answer depends on: method, target, body, and every header that counts, callers' tokens among
 * them. Two requests with one key get one answer; as it is a digest, it gives no token away.
 */
export function requestToKey({ method, url, headers }: IncomingMessage, body: Buffer, callers: CallerPolicy): string {
  let text = `${method} ${url}`;
  for (const name of callers.kind === 'own' ? answerHeaders : allHeaders) {
    const value: string | string[] | undefined = headers[name];
    // No header holds a line break or a NUL, so that no two lists of values give one text.
    text += `\n${Array.isArray(value) ? value.join('\n') : (value ?? '\0')}`;
  }
  // Written as characters of one byte, which is a good deal faster than as any text that can be printed.
  return hash('sha256', `${text}\n\n${body.toString('latin1')}`, 'binary');
}
