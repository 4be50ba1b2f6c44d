import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createAccounts } from './accounts.ts';
import { type Doorkeeper, headerOf, requestToProject } from './auth.ts';
import { type Catalogue, loadSampleCatalogue } from './catalogue.ts';
import { type Answer, deliver } from './deliver.ts';
import { RefusedError, refusals, refusalToBody } from './errors.ts';
import { createFaults, type Faults } from './faults.ts';
import { createIam, MAX_TOKEN_REQUEST_BYTES, TOKENS_PATH } from './iam.ts';
import { createImageList } from './list.ts';
import { toListRequest } from './parameters.ts';
import { readBody } from './read-body.ts';
import { createSignatures } from './signatures.ts';
import { createTokens } from './tokens.ts';

/** A request as it arrived: path and query, and the token presented. */
export interface ArrivedRequest {
  readonly url: string;
  readonly token: string | null;
}

export interface EmbeddedImsOptions {
  /** A wall clock in milliseconds since 1970: tokens end by it, and signatures must be of its time. */
  readonly wallNow: () => number;
  /** Default: the sample catalogue. */
  readonly catalogue?: Catalogue;
  /** The largest page, whatever `limit` asks for. Default 500. */
  readonly maxLimit?: number;
  /** Told of every request before it is answered. */
  readonly onRequest?: (request: ArrivedRequest) => void;
}

/** The REST API "Querying Images" over a catalogue, and the IAM that issues tokens for it. */
export interface EmbeddedIms {
  /** Answers a request; can be mounted on any HTTP server. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Whether a URL path, without its query, is one of the API's. */
  serves(path: string): boolean;
  readonly faults: Faults;
  /** Serves another catalogue from now on. Nothing in a request reaches it. */
  replaceCatalogue(catalogue: Catalogue): void;
  /** Listens on a free port of 127.0.0.1. */
  listen(): Promise<{ url: string }>;
  /** Ends every connection, also those that a fault keeps open, and then the server if it listens. */
  close(): Promise<void>;
}

const listPaths: readonly string[] = ['/v1/cloudimages/fuzzy', '/v2/cloudimages'];

const serves = (path: string): boolean => path === TOKENS_PATH || listPaths.includes(path);

/** The status and body of whatever `answer` returns or refuses. */
function settle(answer: () => unknown, requestId: string): Pick<Answer, 'status' | 'body'> {
  try {
    return { status: 200, body: JSON.stringify(answer()) };
  } catch (error) {
    const refusal = error instanceof RefusedError ? error : new RefusedError('IMG.0061');
    const body = refusalToBody(refusal.code, refusal.message, requestId);
    return { status: refusals[refusal.code].status, body: JSON.stringify(body) };
  }
}

/** The API over a catalogue; serves nobody until mounted or told to listen. */
export function createEmbeddedIms(options: EmbeddedImsOptions): EmbeddedIms {
  const { wallNow, maxLimit = 500, onRequest } = options;
  let catalogue = options.catalogue ?? loadSampleCatalogue();
  const accounts = createAccounts(catalogue);
  const tokens = createTokens();
  const doorkeeper: Doorkeeper = { accounts, tokens, signatures: createSignatures(accounts, wallNow), wallNow };
  const iam = createIam(accounts, tokens, wallNow);
  let list = createImageList(catalogue);
  const faults = createFaults();
  const unanswered = new Set<ServerResponse>();

  function listImages(request: IncomingMessage, path: string, query: string): { images: unknown } {
    if (request.method !== 'GET' || !listPaths.includes(path)) throw new RefusedError('APIGW.0101');
    const project = requestToProject(request, doorkeeper);
    const { images } = list(toListRequest(query, maxLimit), project);
    return { images };
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    onRequest?.({ url, token: headerOf(request, 'x-auth-token') ?? null });

    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    const fault = faults.take(url);
    const requestId = randomUUID();
    const queryStart = url.includes('?') ? url.indexOf('?') : url.length;
    const [path, query] = [url.slice(0, queryStart), url.slice(queryStart + 1)];
    if (path === TOKENS_PATH) {
      const hasCatalogue = !new URLSearchParams(query).get('nocatalog');
      const answer = (body: string) => {
        const { headers, ...rest } = iam.answer(request.method ?? '', body, hasCatalogue);
        const trace = { 'Content-Type': 'application/json', 'X-IAM-Trace-Id': requestId };
        deliver(response, { ...rest, headers: { ...trace, ...headers } }, fault);
      };
      // A body that breaks off, or goes on and on, is worth no answer.
      readBody(request, MAX_TOKEN_REQUEST_BYTES).then(answer, () => response.destroy());
    } else {
      const headers = { 'Content-Type': 'application/json', 'X-Request-Id': requestId };
      deliver(response, { headers, ...settle(() => listImages(request, path, query), requestId) }, fault);
    }
  }

  const server = createServer(handle);
  return {
    handle,
    serves,
    faults,
    replaceCatalogue(other) {
      catalogue = other;
      list = createImageList(other);
    },
    listen: async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
      return { url: `http://127.0.0.1:${address.port}` };
    },
    close: async () => {
      for (const response of unanswered) response.destroy();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
