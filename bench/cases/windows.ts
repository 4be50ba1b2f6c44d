import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, complaintOf } from '../ask.ts';
import type { BenchCase } from '../case.ts';
import { gateway } from '../contestants.ts';
import { startUpstream } from '../enter.ts';
import { type RunningServer, scratch } from '../running.ts';
import { medianOf } from '../statistics.ts';

const IMAGES = 10_000;
/** How many callers scan at once; each has a project, and so a list, of its own. */
const SCANS_AT_ONCE = [1, 8];
const MOST_MS = 10;
/** Scans before the first that counts, while the compiler learns. */
const WARM_UP = 10;
const IDLE_MS = 2000;
/** How long the gateway may take to tell its delays. */
const ANSWER_MS = 10_000;

/** What no image is called: every row must be read to know. */
const scan = JSON.stringify({
  query: '{ images(first: 20, filter: { nameMatches: { contains: "zzzz" } }) { edges { node { id } } } }',
});

/** How long the event loop was kept from other work at a time, and for how much of that by garbage collections. */
interface Delay {
  readonly ms: number;
  readonly collectingMs: number;
}

interface Measured {
  readonly title: string;
  readonly windows: number;
  readonly scanMs: number;
  readonly delays: readonly Delay[];
}

/** Filters that the gateway must decide, over lists that it reads in windows of 500 rows; nothing is kept, and no image known. */
export const windows: BenchCase = {
  name: 'windows',
  title: `lists of up to ${IMAGES} images, read in windows of 500 rows`,
  needsPage: false,
  async run({ options, cores, question, progress }) {
    progress('windows: starting');
    const callers = Math.max(...SCANS_AT_ONCE);
    const env = { IMAGES: String(IMAGES), DELAY_MS: '0', CALLERS: String(callers) };
    await using upstream = await startUpstream(env, cores.upstream);
    const file = join(scratch, 'delays.json');
    await using server = await gateway.start({
      upstreamUrl: upstream.url,
      question,
      cores: cores.server,
      gatewayEnv: { CACHE_FRESH_MS: '0', KNOWN_IMAGES_MAX_BYTES: '0', DELAYS: file },
      nodeOptions: ['--import', new URL('../event-loop-delay.ts', import.meta.url).href],
    });
    const delays = () => takeDelays(server, file);

    await delays();
    await pause(IDLE_MS);
    const measured: Measured[] = [{ title: 'none', windows: 0, scanMs: 0, delays: await delays() }];
    for (const atOnce of SCANS_AT_ONCE) {
      for (let i = 0; i < WARM_UP; i += 1) await scanAtOnce(server.url, atOnce);
      await delays();
      const times: number[] = [];
      let read = 0;
      for (let i = 0; i < options.rounds * 2; i += 1) {
        progress(`windows: ${atOnce} at once, ${i + 1} of ${options.rounds * 2}`);
        const started = performance.now();
        read += await scanAtOnce(server.url, atOnce);
        times.push(performance.now() - started);
      }
      measured.push({ title: String(atOnce), windows: read, scanMs: medianOf(times), delays: await delays() });
    }

    const ofOne = percentileOf(measured[1]?.delays ?? [], 0.99);
    return {
      columns: [],
      demands: [
        {
          demand: `the event loop kept for no more than ${MOST_MS} ms at a time (99th percentile, one scan at once)`,
          measured: `${ofOne.toFixed(1)} ms`,
          isMet: ofOne <= MOST_MS,
        },
      ],
      details: [
        {
          title: 'windows: how long the event loop is kept at a time',
          rows: [
            [
              'scans at once',
              'windows read',
              'ms until all are done',
              'p50 ms',
              'p99 ms',
              'most ms',
              `over ${MOST_MS} ms, in 100 windows`,
              'garbage collections left out',
            ],
            ...measured.map(toRow),
          ],
        },
      ],
      remarks: [],
    };
  },
};

function toRow({ title, windows: read, scanMs, delays }: Measured): string[] {
  const inHundred = (count: number): string => (read === 0 ? '' : ((count / read) * 100).toFixed(1));
  return [
    title,
    read === 0 ? '' : String(read),
    read === 0 ? '' : scanMs.toFixed(0),
    ...[0.5, 0.99, 1].map((share) => percentileOf(delays, share).toFixed(1)),
    inHundred(delays.filter(({ ms }) => ms > MOST_MS).length),
    inHundred(delays.filter(({ ms, collectingMs }) => ms - collectingMs > MOST_MS).length),
  ];
}

/** So large a share of the delays is no longer. */
function percentileOf(delays: readonly Delay[], share: number): number {
  const sorted = delays.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

/** Lets different callers scan their lists; how many windows that took. */
async function scanAtOnce(url: string, count: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, (_, number) => ask(url, scan, `caller-${number}`)));
  const complaint = answers.map(complaintOf).find((one) => one !== null);
  if (complaint !== undefined) throw new Error(`windows: ${complaint}`);
  return answers.reduce((sum, { json }) => sum + json.extensions.upstream.requests, 0);
}

/** The delays since they were last taken. */
async function takeDelays({ pid }: RunningServer, file: string): Promise<readonly Delay[]> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  const untilMs = performance.now() + ANSWER_MS;
  while (performance.now() < untilMs) {
    await pause(10);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.endsWith(']')) return JSON.parse(text);
  }
  throw new Error(`windows: the gateway has not told its delays within ${ANSWER_MS} ms.`);
}
