import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnsweredRequest, ObserveGateway } from '../telemetry/event.ts';

/** What becomes known of a request while it is answered. */
export interface RequestRecord {
  readonly requestId: string;
  /** Address of the peer, as the socket has it. */
  readonly remoteAddress: string;
  /** Says that the request is a GraphQL request, and not a visit of GraphiQL or a browser's question for permission. */
  begin(): void;
  operation: Pick<AnsweredRequest, 'operationName' | 'operationType'>;
  codes: readonly string[];
  caller: string | null;
  usage: { readonly requests: number };
}

/** What the server's plugins find beside each request. */
export interface ServerContext {
  readonly record: RequestRecord;
}

export interface RecordOptions {
  readonly requestId: string;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly observe: ObserveGateway;
  /** Told once, when the request is over, whether it was a GraphQL request or not. */
  readonly onEnd: (answered: AnsweredRequest) => void;
}

/** Records one request, and reports it when its answer is out or its client gone. */
export function recordRequest(
  { socket }: IncomingMessage,
  response: ServerResponse,
  { requestId, now, observe, onEnd }: RecordOptions,
): RequestRecord {
  const startedAt = now();
  let isGraphql = false;
  const record: RequestRecord = {
    requestId,
    remoteAddress: socket.remoteAddress ?? 'unknown',
    begin() {
      isGraphql = true;
      observe({ kind: 'asked' });
    },
    operation: { operationName: null, operationType: null },
    codes: [],
    caller: null,
    usage: { requests: 0 },
  };
  response.once('close', () => {
    const answered: AnsweredRequest = {
      kind: 'answered',
      requestId,
      ...record.operation,
      status: response.writableFinished ? response.statusCode : null,
      codes: record.codes,
      caller: record.caller,
      upstreamRequests: record.usage.requests,
      durationMs: Math.round((now() - startedAt) * 1000) / 1000,
    };
    onEnd(answered);
    if (isGraphql) observe(answered);
  });
  return record;
}
