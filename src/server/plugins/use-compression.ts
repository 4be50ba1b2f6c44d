import type { FetchAPI, Plugin } from 'graphql-yoga';
import { acceptedCoding, type ContentCoding, contentCodings, encodeBytes, isWholeJson } from '../content-coding.ts';

/** Below it an answer fits into one packet either way. */
export const MIN_COMPRESSED_BYTES = 1024;

/** Compresses answers as `Accept-Encoding` wants it: whole JSON answers only, and no small ones. */
export function useCompression(): Plugin {
  return {
    // Not async, as most answers need no wait.
    onResponse({ request, response, setResponse, fetchAPI }) {
      const { headers } = response;
      const isWorthIt = Number(headers.get('content-length')) >= MIN_COMPRESSED_BYTES && isWholeJson(headers);
      const coding = isWorthIt ? acceptedCoding(request.headers.get('accept-encoding'), contentCodings) : null;
      return coding === null ? undefined : compress(response, coding, fetchAPI).then(setResponse);
    },
  };
}

async function compress(response: Response, coding: ContentCoding, { Response }: FetchAPI): Promise<Response> {
  const { headers, status, statusText } = response;
  const bytes = await encodeBytes(Buffer.from(await response.text()), coding);
  headers.set('content-encoding', coding);
  headers.set('content-length', String(bytes.byteLength));
  return new Response(bytes, { status, statusText, headers });
}
