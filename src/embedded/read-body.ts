import type { IncomingMessage } from 'node:http';

/** The body of a request, as text. Rejects where it breaks off or is longer than `mostBytes`. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<string> {
  const parts: AsyncIterable<unknown> = request.setEncoding('utf8');
  let text = '';
  for await (const part of parts) {
    text += String(part);
    if (text.length > mostBytes) throw new RangeError(`Expected at most ${mostBytes} bytes.`);
  }
  return text;
}
