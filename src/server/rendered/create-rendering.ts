import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Allowance } from '../allowance.ts';
import { type CallerPolicy, readerOf } from '../caller.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import type { RequestRecord } from '../request-record.ts';
import { recordResponse } from './record-response.ts';
import type { RenderedResponse, RenderedResponses } from './rendered-responses.ts';
import { requestToKey } from './request-to-key.ts';
import { takeBody } from './take-body.ts';

/** Answers one GraphQL request with a finished response; where there is none, `answer` does, and that may be kept. */
export type Render = (
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
  answer: () => void,
) => void;

export interface RenderingOptions {
  readonly responses: RenderedResponses;
  readonly callers: CallerPolicy;
  /** What the caller's requests are taken from; null where they are not limited. */
  readonly allowance: Allowance | null;
}

/** Sends what has been answered before without looking into the request, as long as it would be answered so again. */
export function createRendering({ responses, callers, allowance }: RenderingOptions): Render {
  return (request, response, record, answer) => {
    const answerOrSend = (body: Buffer) => {
      const key = requestToKey(request, body, callers);
      const rendered = responses.find(key);
      // What is refused here is refused again by who can say so.
      if (
        rendered !== null &&
        (allowance === null || allowance.take(readerOf(request.headers), record.remoteAddress) === 0)
      ) {
        record.begin();
        send(rendered, response, record);
        return;
      }
      if (body.length > 0) request.unshift(body);
      record.onWhole = (areCurrent) => {
        recordResponse(response, ({ headers, ...sent }) => {
          const facts = { operation: record.operation, caller: record.caller };
          const others = headers.filter(([name]) => name !== REQUEST_ID_HEADER);
          responses.keep(key, { ...sent, headers: others.flat(), facts, areCurrent });
        });
      };
      answer();
    };

    const sizeBytes = bodySize(request);
    if (sizeBytes === null) answer();
    else if (sizeBytes === 0) answerOrSend(noBody);
    else {
      record.begin();
      takeBody(request, sizeBytes, (body) => (body === null ? answer() : answerOrSend(body)));
    }
  };
}

const noBody = Buffer.alloc(0);

/** Largest body that is looked up; larger ones may not arrive at once. */
const MAX_BODY_BYTES = 16_384;

/** How many bytes follow the head of a request whose answer may be a finished one; null where none may. */
function bodySize({ method, headers }: IncomingMessage): number | null {
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return null;
  const sizeBytes = Number(headers['content-length'] ?? 0);
  if (method === 'GET') return sizeBytes === 0 ? 0 : null;
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
  return method === 'POST' && isJson && sizeBytes > 0 && sizeBytes <= MAX_BODY_BYTES ? sizeBytes : null;
}

function send({ status, headers, body, facts }: RenderedResponse, response: ServerResponse, record: RequestRecord) {
  Object.assign(record, facts, { isRendered: true });
  response.writeHead(status, [REQUEST_ID_HEADER, record.requestId, ...headers]).end(body, 'latin1');
}
