import type { IncomingHttpHeaders } from 'node:http';

const JSON_TYPE = 'application/json';

/** Whether a content type is that of JSON, in any spelling and with any parameters (RFC 9110, section 8.3.1). */
export const isJsonType = (contentType: string): boolean => /^application\/json\s*(;|$)/i.test(contentType);

/** Whether a body is declared as JSON; then the headers say so in the one spelling that yoga reads. */
export function declaresJson(headers: IncomingHttpHeaders): boolean {
  const given = headers['content-type'];
  if (given === JSON_TYPE) return true;
  if (given === undefined || !isJsonType(given)) return false;
  headers['content-type'] = JSON_TYPE;
  return true;
}
