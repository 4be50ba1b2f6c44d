import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';

/** An HTTP answer, complete. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length }).end(bytes);
}

/** Sends the headers and half of the body that they announce. */
function sendHalf(response: ServerResponse, { status, headers, body }: Answer, then: () => void): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), then);
}

function sendLate(response: ServerResponse, answer: Answer, ms: number): void {
  const timer = setTimeout(() => send(response, answer), ms);
  response.once('close', () => clearTimeout(timer));
}

/** Gives the client the answer, or what a fault makes of it. */
export function deliver(response: ServerResponse, answer: Answer, fault: Fault | null): void {
  const { headers } = answer;
  switch (fault?.kind) {
    case undefined:
      return send(response, answer);
    case 'status': {
      const body = typeof fault.body === 'string' ? fault.body : (JSON.stringify(fault.body) ?? '');
      return send(response, { status: fault.status, headers: { ...headers, ...fault.headers }, body });
    }
    case 'body': {
      const contentType = fault.contentType ?? headers['Content-Type'] ?? 'application/json';
      return send(response, { status: 200, headers: { ...headers, 'Content-Type': contentType }, body: fault.body });
    }
    case 'truncate':
      return send(response, { ...answer, body: answer.body.slice(0, answer.body.length / 2) });
    case 'delay':
      return sendLate(response, answer, fault.ms);
    case 'hang':
      return undefined;
    case 'reset':
      response.socket?.destroy();
      return undefined;
    case 'reset-body':
      return sendHalf(response, answer, () => response.socket?.destroy());
    case 'stall-body':
      return sendHalf(response, answer, () => undefined);
  }
}
