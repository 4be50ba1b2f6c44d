import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, complaintOf } from '../ask.ts';
import type { BenchCase } from '../case.ts';
import { gateway } from '../contestants.ts';
import { startUpstream } from '../enter.ts';
import { type RunningServer, scratch } from '../running.ts';

const IMAGES = 10_000;
/** How many callers scan at once; each has a project, and so a list, of its own. */
const SCANS_AT_ONCE = [1, 8];
const MOST_MS = 10;
/** Scans before the first that counts, while the compiler learns. */
const WARM_UP = 10;
const IDLE_MS = 2000;

/** What no image is called: every row must be read to know. */
const scan = JSON.stringify({
  query: '{ images(first: 20, filter: { nameMatches: { contains: "zzzz" } }) { edges { node { id } } } }',
});

/** How long the event loop was kept from other work. */
interface Delays {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Filters that the gateway must decide, over lists that it reads in windows of 500 rows; nothing is kept. */
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
      gatewayEnv: { CACHE_FRESH_MS: '0', DELAYS: file },
      nodeOptions: ['--import', new URL('../event-loop-delay.ts', import.meta.url).href],
    });
    const delays = () => takeDelays(server, file);

    await delays();
    await pause(IDLE_MS);
    const measured = [{ title: 'none', windows: 0, ...(await delays()) }];
    for (const atOnce of SCANS_AT_ONCE) {
      for (let i = 0; i < WARM_UP; i += 1) await scanAtOnce(server.url, atOnce);
      await delays();
      let read = 0;
      for (let i = 0; i < options.rounds * 2; i += 1) {
        progress(`windows: ${atOnce} at once, ${i + 1} of ${options.rounds * 2}`);
        read += await scanAtOnce(server.url, atOnce);
      }
      measured.push({ title: String(atOnce), windows: read, ...(await delays()) });
    }

    const ofOne = measured[1]?.p99Ms ?? Number.NaN;
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
          title: 'windows: how long the event loop is kept at a time, garbage collections included',
          rows: [
            ['scans at once', 'windows read', 'p50 ms', 'p90 ms', 'p99 ms', 'most ms'],
            ...measured.map((one) => [
              one.title,
              String(one.windows),
              ...[one.p50Ms, one.p90Ms, one.p99Ms, one.maxMs].map((ms) => ms.toFixed(1)),
            ]),
          ],
        },
      ],
      remarks: [],
    };
  },
};

/** Lets different callers scan their lists; how many windows that took. */
async function scanAtOnce(url: string, count: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, (_, number) => ask(url, scan, `caller-${number}`)));
  const complaint = answers.map(complaintOf).find((one) => one !== null);
  if (complaint !== undefined) throw new Error(`windows: ${complaint}`);
  return answers.reduce((sum, { json }) => sum + json.extensions.upstream.requests, 0);
}

/** The delays since they were last taken. */
async function takeDelays({ pid }: RunningServer, file: string): Promise<Delays> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    await pause(10);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.endsWith('}')) return JSON.parse(text);
  }
}
