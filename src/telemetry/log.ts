import { type DestinationStream, type Logger, pino } from 'pino';
import type { ErrorCode } from '../image/errors.ts';
import type { GatewayEvent, ObserveGateway } from './event.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export interface LogOptions {
  readonly level: (typeof logLevels)[number];
  /** Takes one line at a time. */
  readonly destination: DestinationStream;
  /** Wall clock, in milliseconds since 1970. */
  readonly wallNow: () => number;
}

type Level = 'debug' | 'info' | 'warn';

/** A log of one JSON object a line. */
export interface GatewayLog extends Logger {
  /**
   * Writes plain data, which has at least one member, as pino would, in a third of the time: its values are not looked at one
   * by one. The message must need no escapes.
   */
  readonly writeData: (level: Level, data: object, message: string) => void;
}

/** Writes to the destination. */
export function createLog({ level, destination, wallNow }: LogOptions): GatewayLog {
  const timeOf = rememberLatest((ms: number) => `,"time":"${new Date(ms).toISOString()}"`);
  const options = {
    level,
    base: null,
    timestamp: () => timeOf(wallNow()),
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorToFacts },
  };
  const log = pino(options, destination);
  return Object.assign(log, {
    writeData(of: Level, data: object, message: string) {
      if (!log.isLevelEnabled(of)) return;
      const members = JSON.stringify(data).slice(1, -1);
      destination.write(`{"level":"${of}"${timeOf(wallNow())},${members},"msg":"${message}"}\n`);
    },
  });
}

/** A function that knows its latest answer: many lines are of one millisecond. */
function rememberLatest(toText: (ms: number) => string): (ms: number) => string {
  let latest = Number.NaN;
  let text = '';
  return (ms) => {
    if (ms !== latest) {
      text = toText(ms);
      latest = ms;
    }
    return text;
  };
}

/** Runs of characters in which a credential could hide; words and ids are shorter. */
const opaque = /[\w+/=%.-]{41,}/g;

/** What may be logged of a mistake of ours: its name, its message without what may be a credential, and where. */
function errorToFacts(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  // It quotes what could not be read.
  const message = error instanceof SyntaxError ? 'Something could not be read.' : error.message;
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return { type: error.name, message: message.slice(0, 500).replace(opaque, '[hidden]'), stack: frames.join('\n') };
}

/** Codes that are the asker's affair, not the operator's. */
const expected: ReadonlySet<string> = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'UPSTREAM_BAD_REQUEST',
  'UPSTREAM_NOT_FOUND',
]);

/** That a request has come is told when it is answered. */
type LoggedEvent = Exclude<GatewayEvent, { readonly kind: 'asked' }>;

/** Writes a line for each event that an operator may want to find again. */
export const logEvents =
  (log: GatewayLog): ObserveGateway =>
  (event) => {
    if (event.kind !== 'asked') log.writeData(levelOf(event), event, messages[event.kind]);
  };

const messages = {
  answered: 'request answered',
  attempt: 'upstream attempt',
  retry: 'upstream retry',
  cache: 'cache',
  breaker: 'upstream breaker',
  token: 'upstream token',
} as const satisfies Record<LoggedEvent['kind'], string>;

function levelOf(event: LoggedEvent): Level {
  if (event.kind === 'cache') return 'debug';
  if (event.kind === 'answered') return 'info';
  if (event.kind === 'retry') return 'warn';
  if (event.kind === 'breaker') return event.state === 'closed' ? 'info' : 'warn';
  if (event.kind === 'token') return event.outcome === 'renewed' ? 'info' : 'warn';
  if (event.outcome === 'ok' || event.outcome === 'aborted') return 'debug';
  return expected.has(event.outcome) ? 'info' : 'warn';
}
