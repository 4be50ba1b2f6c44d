import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Allowance } from '../allowance.ts';
import { type CallerPolicy, readerOf } from '../caller.ts';
import { REQUEST_ID_HEADER } from '../request-id.ts';
import type { RequestRecord } from '../request-record.ts';
import { recordResponse } from './record-response.ts';
import type { RenderedResponse, RenderedResponses } from './rendered-responses.ts';
import { createTogether } from '../together.ts';
import { requestToKey } from './request-to-key.ts';

/** Answers a GraphQL request with a finished response; false where there is none. What is answered then may be kept. */
export type Render = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  record: RequestRecord,
) => boolean;

export interface RenderingOptions {
  readonly responses: RenderedResponses;
  readonly callers: CallerPolicy;
  readonly allowance: Allowance | null;
}

/** Sends what has been answered before without looking into the request, as long as it would be answered so again. */
export function createRendering({ responses, callers, allowance }: RenderingOptions): Render {
  const together = createTogether();
  return (request, response, body, record) => {
    const key = requestToKey(request, body, callers);
    const rendered = responses.find(key);
    if (rendered !== null && (allowance === null || allowance.take(readerOf(request.headers), record) === 0)) {
      record.begin();
      together(() => send(rendered, response, record), rendered.body.length);
      return true;
    }
    if (!responses.isAskedAgain(key)) return false;
    record.onWhole = (areCurrent) => {
      recordResponse(response, ({ headers, ...sent }) => {
        const { operationName, operationType } = record.operation;
        const operation = { operationName: operationName === null ? null : copyOf(operationName), operationType };
        const facts = { operation, caller: record.caller };
        const others = headers.filter(([name]) => name !== REQUEST_ID_HEADER);
        responses.keep(key, { ...sent, headers: others.flat(), facts, areCurrent });
      });
    };
    return false;
  };
}

/** A part of a text that was cut out keeps the whole of it in memory. */
const copyOf = (text: string): string => Buffer.from(text).toString();

function send({ status, headers, body, facts }: RenderedResponse, response: ServerResponse, record: RequestRecord) {
  record.operation = facts.operation;
  record.caller = facts.caller;
  record.isRendered = true;
  response.writeHead(status, [REQUEST_ID_HEADER, record.requestId, ...headers]).end(body, 'latin1');
}
