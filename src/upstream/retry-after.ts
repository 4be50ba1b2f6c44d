const unitMs: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const longestMs = 86_400_000;

/** `The throttling threshold has been reached: policy user over ratelimit,limit:100,time:1 minute`, as API Gateway says it. */
const throttleWindow = /\btime:\s*(\d{1,6})\s*(second|minute|hour|day)/i;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const textOf = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '');

/** What an answer may say of when to ask again. */
export interface WaitingAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly message: string | undefined;
  /** When it arrived by the gateway's wall clock. */
  readonly wallMs: number;
}

/**
 * How long upstream asks to wait: its `Retry-After`, in seconds or as a date, else the window that the message of a 429
 * names, whose whole length is the most that is left of it. Null where it says neither, at most a day.
 */
export function answerToRetryAfterMs({ status, headers, message, wallMs }: WaitingAnswer): number | null {
  const waitMs = headersToWaitMs(headers, wallMs) ?? (status === 429 ? messageToWindowMs(message ?? '') : null);
  return waitMs === null ? null : Math.min(Math.max(waitMs, 0), longestMs);
}

function headersToWaitMs(headers: Headers, wallMs: number): number | null {
  const retryAfter = textOf(headers['retry-after']).trim();
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const until = Date.parse(retryAfter);
  if (Number.isNaN(until)) return null;
  // Against the answer's own date, where it has one: no clock of ours is as right about upstream's as upstream.
  const sentAt = Date.parse(textOf(headers['date']));
  return until - (Number.isNaN(sentAt) ? wallMs : sentAt);
}

function messageToWindowMs(message: string): number | null {
  const [, count = '', unit = ''] = throttleWindow.exec(message) ?? [];
  const ms = unitMs[unit.toLowerCase()];
  return ms === undefined ? null : Number(count) * ms;
}
