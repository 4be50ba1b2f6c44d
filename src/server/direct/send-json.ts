import type { IncomingMessage, ServerResponse } from 'node:http';
import { acceptedCoding, contentCodings, encodeText } from '../content-coding.ts';
import { MIN_COMPRESSED_BYTES } from '../plugins/use-compression.ts';
import { VARY } from '../plugins/use-http-caching.ts';

/** Sends an answer to a POST, in the coding that the client likes best where `compression` is wanted. */
export function sendJson(
  text: string,
  mediaType: string,
  compression: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.setHeader('vary', VARY);
  response.setHeader('content-type', `${mediaType}; charset=utf-8`);
  const sizeBytes = Buffer.byteLength(text);
  const coding =
    compression && sizeBytes >= MIN_COMPRESSED_BYTES
      ? acceptedCoding(request.headers['accept-encoding']?.toString() ?? null, contentCodings)
      : null;
  const send = (body: string | Uint8Array, length: number): void => {
    response.setHeader('content-length', length);
    response.end(body);
  };
  if (coding === null) return send(text, sizeBytes);
  const sendEncoded = (bytes: Uint8Array): void => {
    response.setHeader('content-encoding', coding);
    send(bytes, bytes.byteLength);
  };
  encodeText(text, coding).then(sendEncoded, (error: unknown) => {
    response.destroy(error instanceof Error ? error : undefined);
  });
}
