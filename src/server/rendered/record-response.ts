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
  const recorded: ProxyHandler<ServerResponse['write'] | ServerResponse['end']> = {
    apply(target, self, [chunk, encoding, ...rest]: readonly unknown[]) {
      if (typeof chunk === 'string') chunks.push(Buffer.from(chunk, encoding === 'latin1' ? encoding : 'utf8'));
      else if (chunk instanceof Uint8Array) chunks.push(chunk);
      return Reflect.apply(target, self, [chunk, encoding, ...rest]);
    },
  };
  for (const name of ['write', 'end'] as const)
    Object.assign(response, { [name]: new Proxy(response[name], recorded) });
  response.once('finish', () => {
    then({ status: response.statusCode, headers: headersOf(response), body: Buffer.concat(chunks).toString('latin1') });
  });
}

const headersOf = (response: ServerResponse): SentResponse['headers'] =>
  response
    .getHeaderNames()
    .flatMap((name) => [response.getHeader(name) ?? ''].flat().map((value) => [name, `${value}`] as const));
