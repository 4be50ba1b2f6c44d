import { expect, test } from 'vitest';
import { answerToRetryAfterMs } from '../../src/upstream/retry-after.ts';

const message = (window: string) =>
  `The throttling threshold has been reached: policy user over ratelimit,limit:100,time:${window}`;
const date = 'Tue, 24 Nov 2026 08:00:00 GMT';
/** The gateway's clock is five seconds ahead of upstream's. */
const wallMs = Date.parse(date) + 5000;

test.for([
  ['seconds', 503, { 'retry-after': '7' }, '', 7000],
  ['no seconds', 429, { 'retry-after': '0' }, '', 0],
  ['a date', 503, { date, 'retry-after': 'Tue, 24 Nov 2026 08:00:30 GMT' }, '', 30_000],
  ['a date that has passed', 503, { date, 'retry-after': 'Tue, 24 Nov 2026 07:00:00 GMT' }, '', 0],
  ['a date beside none of upstream’s own', 503, { 'retry-after': 'Tue, 24 Nov 2026 08:00:30 GMT' }, '', 25_000],
  ['a date beside one that is none', 503, { date: 'x', 'retry-after': 'Tue, 24 Nov 2026 08:00:30 GMT' }, '', 25_000],
  ['a date that has passed by the gateway’s clock', 503, { 'retry-after': date }, '', 0],
  ['the header before the message', 429, { 'retry-after': '7' }, message('1 minute'), 7000],
  ['the first of two headers', 503, { 'retry-after': ['7', '9'] }, '', 7000],
  ['a window of minutes', 429, {}, message('1 minute'), 60_000],
  ['a window of seconds', 429, {}, message('5 second'), 5000],
  ['a window of several hours', 429, {}, message('2 hours'), 7_200_000],
  ['a window that is no throttle’s', 503, {}, message('1 minute'), null],
  ['a message without a window', 429, {}, 'The throttling threshold has been reached', null],
  ['a word', 503, { 'retry-after': 'soon' }, '', null],
  ['a negative number', 503, { date, 'retry-after': '-7' }, '', 0],
  ['an age', 503, { 'retry-after': '99999999999999999999' }, '', 86_400_000],
  ['nothing', 503, {}, '', null],
] as const)('%s', ([, status, headers, said, expected]) => {
  const mutable: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) mutable[name] = typeof value === 'string' ? value : [...value];
  expect(answerToRetryAfterMs({ status, headers: mutable, message: said, wallMs })).toBe(expected);
});
