import type { ServerResponse } from 'node:http';

/** What went out of a response. */
export interface SentResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Its bytes as characters: one write sends such a text together with the head, and a buffer takes two. */
  readonly body: string;
}

/** Tells `then` what a response was, once all of it is out; nothing of it may have been written yet. */
export function recordResponse(response: ServerResponse, then: (sent: SentResponse) => void): void {
  const chunks: Uint8Array[] = [];
  const recorded = <Method extends ServerResponse['write'] | ServerResponse['end']>(method: Method): Method =>
    new Proxy(method, {
      apply(target, self, [chunk, encoding, ...rest]: readonly unknown[]) {
        if (typeof chunk === 'string') chunks.push(Buffer.from(chunk, encoding === 'latin1' ? encoding : 'utf8'));
        else if (chunk instanceof Uint8Array) chunks.push(chunk);
        return Reflect.apply(target, self, [chunk, encoding, ...rest]);
      },
    });
  // The methods are called on the response as ever.
  // oxlint-disable-next-line typescript/unbound-method
  response.write = recorded(response.write);
  // oxlint-disable-next-line typescript/unbound-method
  response.end = recorded(response.end);
  response.once('finish', () => {
    then({ status: response.statusCode, headers: headersOf(response), body: Buffer.concat(chunks).toString('latin1') });
  });
}

const headersOf = (response: ServerResponse): SentResponse['headers'] =>
  response
    .getHeaderNames()
    .flatMap((name) => [response.getHeader(name) ?? ''].flat().map((value) => [name, `${value}`] as const));
