import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ImageSource } from '../image/source.ts';
import type { ImageContext } from '../schema/context.ts';
import type { AnsweredRequest, ObserveGateway } from '../telemetry/event.ts';

/** What becomes known of a request while it is answered. */
export interface RequestRecord {
  readonly requestId: string;
  /** Address of the peer, as the socket has it. */
  readonly remoteAddress: string;
  /**
   * Says that the request is a GraphQL request, and not a visit of GraphiQL or a browser's question for permission. Once
   * is enough.
   */
  begin(): void;
  operation: Pick<AnsweredRequest, 'operationName' | 'operationType'>;
  codes: readonly string[];
  caller: string | null;
  usage: { readonly requests: number };
  /** The pages that the answer is made of. */
  pages: ImageContext['pages'];
  /** Told, before the answer goes out, that it is whole and fresh, and of each of its pages how to find out later. */
  onWhole: ((areCurrent: readonly (() => boolean)[]) => void) | null;
  /** Whether the answer is a finished one that is sent again. */
  isRendered: boolean;
}

/** What the server's plugins find beside each request. */
export interface ServerContext {
  readonly record: RequestRecord;
  /** Where the request's images come from. */
  readonly source: ImageSource;
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
      if (isGraphql) return;
      isGraphql = true;
      observe({ kind: 'asked' });
    },
    operation: { operationName: null, operationType: null },
    codes: [],
    caller: null,
    usage: { requests: 0 },
    pages: [],
    onWhole: null,
    isRendered: false,
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
      rendered: record.isRendered,
      durationMs: Math.round((now() - startedAt) * 1000) / 1000,
    };
    onEnd(answered);
    if (isGraphql) observe(answered);
  });
  return record;
}
