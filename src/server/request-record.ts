import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ImageSource } from '../image/source.ts';
import type { ImageContext } from '../schema/context.ts';
import type { AnsweredRequest, ObserveGateway } from '../telemetry/event.ts';

/** What becomes known of a request while it is answered. */
export interface RequestRecord {
  readonly requestId: string;
  /** Address of the peer, as the socket has it. */
  readonly remoteAddress: () => string;
  /**
   * Says that the request is a GraphQL request, and not a visit of GraphiQL or a browser's question for permission. Once
   * is enough.
   */
  begin(): void;
  /** Reports the request when its answer is out or its client gone, which may be now. Once is enough. */
  reportAtEnd(): void;
  /** How long the caller has to wait for its next request; null until that has been looked at. */
  waitMs: number | null;
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

/** Records one request. */
export function recordRequest(
  { socket }: IncomingMessage,
  response: ServerResponse,
  { requestId, now, observe, onEnd }: RecordOptions,
): RequestRecord {
  const startedAt = now();
  let isGraphql = false;
  let isReported = false;
  const report = (): void => {
    if (isReported) return;
    isReported = true;
    const answered: AnsweredRequest = {
      kind: 'answered',
      requestId,
      operationName: record.operation.operationName,
      operationType: record.operation.operationType,
      status: response.writableFinished ? response.statusCode : null,
      codes: record.codes,
      caller: record.caller,
      upstreamRequests: record.usage.requests,
      rendered: record.isRendered,
      durationMs: Math.round((now() - startedAt) * 1000) / 1000,
    };
    onEnd(answered);
    if (isGraphql) observe(answered);
    // A connection holds on to its latest request until the next one, and would to all pages of its answer.
    record.pages = [];
    record.onWhole = null;
  };
  const record: RequestRecord = {
    requestId,
    remoteAddress: () => socket.remoteAddress ?? 'unknown',
    begin() {
      if (isGraphql) return;
      isGraphql = true;
      observe({ kind: 'asked' });
    },
    reportAtEnd() {
      if (response.writableFinished || response.closed) report();
      else response.on('close', report);
    },
    waitMs: null,
    operation: { operationName: null, operationType: null },
    codes: [],
    caller: null,
    usage: { requests: 0 },
    pages: [],
    onWhole: null,
    isRendered: false,
  };
  return record;
}
