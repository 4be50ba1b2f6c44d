import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { type AnswerHead, networkErrorToError } from './failure.ts';

/** A GET whose answer is wanted whole. */
export interface WholeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** An answer of any status, all of it. */
export interface WholeAnswer {
  readonly head: AnswerHead;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Sends a request and reads its answer whole, whatever the status: what is left unread blocks the connection. `readHead`
 * is called once the head is there. Rejects with an `UpstreamError`, or with the signal's reason at the moment it aborts,
 * also while the request waits for a connection. Leaves no listener.
 *
 * The parts are taken as undici has them: its `request` makes a stream of them, which costs as much as parsing the answer.
 */
export function readWhole(
  dispatcher: Dispatcher,
  { path, headers, signal }: WholeRequest,
  readHead: (status: number, headers: IncomingHttpHeaders) => AnswerHead,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    let sending: Dispatcher.DispatchController | null = null;
    let arrived: Omit<WholeAnswer, 'body'> | null = null;
    const parts: Buffer[] = [];
    const end = () => signal.removeEventListener('abort', abort);
    const abort = () => {
      end();
      // First, so that the reason wins over what the request makes of being aborted.
      reject(signal.reason);
      sending?.abort(signal.reason);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    dispatcher.dispatch(
      { method: 'GET', path, headers },
      {
        onRequestStart(controller) {
          sending = controller;
          // The pool hears nothing of an abort while the request waits for a connection.
          if (signal.aborted) abort();
        },
        onResponseStart(_controller, status, received) {
          const isInterim = status < 200;
          if (!isInterim) arrived = { head: readHead(status, received), headers: received };
        },
        onResponseData(_controller, part) {
          parts.push(part);
        },
        onResponseEnd() {
          end();
          if (arrived !== null) resolve({ ...arrived, body: joined(parts) });
        },
        onResponseError(_controller, error) {
          end();
          reject(networkErrorToError(error, arrived?.head));
        },
      },
    );
  });
}

/** One part, as most answers are, is not copied. */
function joined(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
}
