import type { BenchCase } from '../case.ts';
import { gateway } from '../contestants.ts';
import { startUpstream } from '../enter.ts';
import { steadyTemplate } from '../load/template.ts';
import { measure } from '../load/measure.ts';
import { questionToBody } from '../question.ts';
import { remarkOnOthers, remarksOn } from '../remarks.ts';
import { medianOf } from '../statistics.ts';

const CALLERS = 10_000;
const CACHE_MIB = 64;
/**
 * What Node may fill before it collects garbage in earnest. Its own limit follows the machine's memory, and so would what this
 * case measures.
 */
const HEAP_MIB = 320;
/** What a process takes beyond that: the program itself, young objects, buffers. */
const BESIDE_HEAP_MIB = 192;
/** From what share on the cache counts as full, and how many seconds of load may pass until it is. */
const FULL = 0.95;
const MOST_FILLING = 30;
/** How much more memory the process may have taken in the second half of the stretches than in the first. */
const GROWTH = 1.1;
/** No stretch may be so many times as slow as the stretches usually are. */
const CLIFF = 3;

/** Many callers, each with pages of its own, more than there is room for. */
export const callers: BenchCase = {
  name: 'callers',
  title: `${CALLERS} callers, each with a page of its own`,
  needsPage: false,
  async run({ options, cores, question, generator, progress }) {
    progress('callers: starting');
    const env = { IMAGES: '2000', DELAY_MS: '1', CALLERS: String(CALLERS) };
    await using upstream = await startUpstream(env, cores.upstream);
    await using server = await gateway.start({
      upstreamUrl: upstream.url,
      question,
      cores: cores.server,
      gatewayEnv: { CACHE_MAX_BYTES: String(CACHE_MIB * 2 ** 20) },
      nodeOptions: [`--max-old-space-size=${HEAP_MIB}`],
    });
    const template = steadyTemplate(questionToBody(question));
    const { connections } = options;
    const load = { url: server.url, template, connections, cores: cores.load, generator, callers: CALLERS };
    const fullFrom = FULL * CACHE_MIB;
    for (let second = 0; second < MOST_FILLING && (await memoryOf(server.url)).cacheMiB < fullFrom; second += 1) {
      progress('callers: filling the cache');
      await measure({ ...load, seconds: 1, from: second });
    }

    const stretches = [];
    for (let i = 0; i < options.rounds * 2; i += 1) {
      progress(`callers: stretch ${i + 1} of ${options.rounds * 2}`);
      const measured = await measure({ ...load, seconds: options.seconds, from: 1000 + i });
      const memory = await memoryOf(server.url);
      stretches.push({ ...measured, ...memory, residentMiB: server.usage().residentBytes / 2 ** 20 });
    }

    const p99s = stretches.map(({ p99Ms }) => p99Ms);
    const worst = Math.max(...p99s) / medianOf(p99s);
    const cached = Math.max(...stretches.map(({ cacheMiB }) => cacheMiB));
    const residents = stretches.map(({ residentMiB }) => residentMiB);
    const half = Math.ceil(residents.length / 2);
    const growth = Math.max(...residents.slice(half)) / Math.max(...residents.slice(0, half));
    return {
      columns: [],
      demands: [
        {
          demand: `the cache within its ${CACHE_MIB} MiB`,
          measured: `${cached.toFixed(1)} MiB`,
          isMet: cached <= CACHE_MIB,
        },
        {
          demand: `resident memory within ${HEAP_MIB} MiB of heap (--max-old-space-size) and ${BESIDE_HEAP_MIB} MiB beside it`,
          measured: `${Math.max(...residents).toFixed(0)} MiB`,
          isMet: Math.max(...residents) <= HEAP_MIB + BESIDE_HEAP_MIB,
        },
        {
          demand: `no more than ${GROWTH} times as much of it in the second half of the stretches`,
          measured: growth.toFixed(2),
          isMet: growth <= GROWTH,
        },
        {
          demand: `no stretch with ${CLIFF} times the usual 99th percentile`,
          measured: worst.toFixed(2),
          isMet: worst < CLIFF,
        },
      ],
      details: [
        {
          title: 'callers, stretch by stretch',
          rows: [
            ['stretch', 'requests/s', 'p50 ms', 'p99 ms', 'most ms', 'cache MiB', 'heap MiB', 'resident MiB', 'errors'],
            ...stretches.map((one, i) => [
              String(i + 1),
              one.requestsPerSecond.toFixed(0),
              one.p50Ms.toFixed(2),
              one.p99Ms.toFixed(2),
              one.maxMs.toFixed(1),
              one.cacheMiB.toFixed(1),
              one.heapMiB.toFixed(0),
              one.residentMiB.toFixed(0),
              String(one.errors),
            ]),
          ],
        },
      ],
      remarks: [...remarksOn('callers', stretches), ...remarkOnOthers('callers', stretches)],
    };
  },
};

/** What the gateway's own metrics say of its memory. */
async function memoryOf(url: string): Promise<{ readonly cacheMiB: number; readonly heapMiB: number }> {
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  const of = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN) / 2 ** 20;
  return { cacheMiB: of('gateway_cache_bytes'), heapMiB: of('nodejs_heap_size_used_bytes') };
}
