import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request that a cloud has got, and the means to answer it. */
export interface CloudRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  answer(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
  /** Breaks the connection. */
  reset(): void;
}

/** IMS and IAM on one real socket, each request answered as a test says. */
export interface Cloud extends AsyncDisposable {
  readonly url: string;
  /** Every request for images so far. */
  readonly lists: readonly CloudRequest[];
  /** Every request for a token so far. */
  readonly tokens: readonly CloudRequest[];
  /** Resolves once so many requests for images have arrived. */
  listsArrived(count: number): Promise<void>;
  tokensArrived(count: number): Promise<void>;
  /** What happens to requests for images from now on. At first: a page with the image `image-1`. */
  onList(react: (request: CloudRequest) => void): void;
  /** What happens to requests for tokens from now on. At first: a token for a day. */
  onToken(react: (request: CloudRequest) => void): void;
}

/** What IAM answers: a token that lasts a day, by a clock of its own. */
export const tokenAnswer = (request: CloudRequest, token = 'token-1'): void =>
  request.answer(
    201,
    { token: { issued_at: '2001-02-13T06:52:13.855000Z', expires_at: '2001-02-14T06:52:13.855000Z' } },
    { 'X-Subject-Token': token },
  );

export const pageAnswer = (request: CloudRequest): void => request.answer(200, { images: [{ id: 'image-1' }] });

/** The answer of the API gateway to a request that it does not let through. */
export const gatewayAnswer = (status: number, code: string, message: string) => (request: CloudRequest) =>
  request.answer(status, { error_code: code, error_msg: message, request_id: 'request-of-upstream' });

export const signatureRefused = gatewayAnswer(
  401,
  'APIGW.0301',
  'Incorrect IAM authentication information: verify aksk signature fail',
);

/** Answers nothing until the test does. */
export const hold = (): void => {};

export async function startCloud(): Promise<Cloud> {
  const lists: CloudRequest[] = [];
  const tokens: CloudRequest[] = [];
  let onList: (request: CloudRequest) => void = pageAnswer;
  let onToken = (request: CloudRequest) => tokenAnswer(request, `token-${tokens.length}`);
  let arrived = Promise.withResolvers<void>();

  const receive = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '', headers } = incoming;
    const request: CloudRequest = {
      method,
      path,
      headers,
      body: await text(incoming),
      answer: (status, answer, more = {}) =>
        response
          .writeHead(status, { 'content-type': 'application/json', ...more })
          .end(typeof answer === 'string' ? answer : JSON.stringify(answer)),
      reset: () => incoming.socket.resetAndDestroy(),
    };
    const isList = path.includes('/cloudimages');
    (isList ? lists : tokens).push(request);
    (isList ? onList : onToken)(request);
    arrived.resolve();
    arrived = Promise.withResolvers();
  };
  const server = createServer((incoming, response) => void receive(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');

  const reached = async (requests: readonly CloudRequest[], count: number) => {
    while (requests.length < count) await arrived.promise;
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    lists,
    tokens,
    listsArrived: (count) => reached(lists, count),
    tokensArrived: (count) => reached(tokens, count),
    onList: (react) => void (onList = react),
    onToken: (react) => void (onToken = react),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
