import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedCoding, contentCodings, encodeBytes } from '../content-coding.ts';
import { MIN_COMPRESSED_BYTES } from '../plugins/use-compression.ts';
import { VARY } from '../plugins/use-http-caching.ts';

/** Sends an answer to a POST, a character for each byte of it, in the coding that the client likes best where `compression` is wanted. */
export function sendJson(
  text: string,
  mediaType: string,
  compression: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.setHeader('vary', VARY);
  response.setHeader('content-type', `${mediaType}; charset=utf-8`);
  const coding =
    compression && text.length >= MIN_COMPRESSED_BYTES
      ? acceptedCoding(request.headers['accept-encoding']?.toString() ?? null, contentCodings)
      : null;
  if (coding === null) {
    response.setHeader('content-length', text.length);
    // One write sends such a text together with the head; a buffer takes two.
    response.end(text, 'latin1');
    return;
  }
  const sendEncoded = (encoded: Uint8Array): void => {
    response.setHeader('content-encoding', coding);
    response.setHeader('content-length', encoded.byteLength);
    response.end(encoded);
  };
  encodeBytes(Buffer.from(text, 'latin1'), coding).then(sendEncoded, (error: unknown) => {
    response.destroy(error instanceof Error ? error : undefined);
  });
}
