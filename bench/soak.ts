import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Pool } from 'undici';
import type { Fault } from '../src/embedded/faults.ts';
import { generateCatalogue } from '../src/embedded/generate.ts';
import { createRandom } from '../src/embedded/random.ts';
import { startTestGateway } from '../test/support/gateway.ts';
import { createSoakQuestions } from './soak-questions.ts';

// Many callers ask for pages for minutes while one upstream answer in ten goes wrong. Every answer is compared with what
// that caller alone may see, worked out from the whole catalogue.

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    images: { type: 'string', default: '3000' },
    clients: { type: 'string', default: '32' },
    seed: { type: 'string', default: '1' },
  },
});
const minutes = Math.min(Number(options.minutes), 60);
const clients = Math.min(Number(options.clients), 1000);
const faultShare = 0.1;
const largestSlopeMiBPerMinute = 5;

const faults: readonly Fault[] = [
  { kind: 'status', status: 503, body: { error: { code: 'IMG.0061', message: 'busy' } } },
  { kind: 'status', status: 500, body: '<html>Internal Server Error</html>' },
  {
    kind: 'status',
    status: 429,
    body: { error_code: 'APIGW.0308', error_msg: 'The throttling threshold has been reached' },
  },
  { kind: 'delay', ms: 150 },
  { kind: 'hang' },
  { kind: 'reset' },
  { kind: 'reset-body' },
  { kind: 'stall-body' },
  { kind: 'truncate' },
  { kind: 'body', body: '<html>It works!</html>', contentType: 'text/html' },
];

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const heapMiB = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const random = createRandom(Number(options.seed));
const catalogue = generateCatalogue({ seed: Number(options.seed), size: Number(options.images) });
const questions = createSoakQuestions(catalogue, random);
await using gateway = await startTestGateway({
  catalogue,
  env: {
    CACHE_FRESH_MS: '500',
    CACHE_MAX_PAGES: '500',
    IMS_HEADERS_TIMEOUT_MS: '300',
    IMS_BODY_TIMEOUT_MS: '300',
    IMS_DEADLINE_MS: '2000',
  },
});
for (const fault of faults) gateway.ims.faults.add(fault, { when: () => random.chance(faultShare / faults.length) });

const pool = new Pool(new URL(gateway.url).origin, { connections: clients });
const counts = { requests: 0, right: 0, stale: 0, failed: 0, aborted: 0, wrong: 0, leaks: 0, untyped: 0, upstream: 0 };
const latencies: number[] = [];
const codes = new Map<string, number>();
const complaints: string[] = [];

async function askOnce(): Promise<void> {
  const question = questions.next();
  const controller = new AbortController();
  const leaves = random.chance(0.02);
  const started = performance.now();
  counts.requests += 1;
  try {
    const asked = pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', 'x-auth-token': question.token },
      body: JSON.stringify({ query: question.query, variables: question.variables }),
      signal: controller.signal,
    });
    if (leaves) void pause(random.bits() % 20).then(() => controller.abort());
    const answer: any = await (await asked).body.json();
    latencies.push(performance.now() - started);
    counts.upstream += answer.extensions?.upstream?.requests ?? 0;
    if (answer.extensions?.stale !== undefined) counts.stale += 1;
    const verdict = question.judge(answer);
    counts[verdict.kind] += 1;
    if (verdict.kind === 'failed') for (const code of verdict.codes) codes.set(code, (codes.get(code) ?? 0) + 1);
    else if (verdict.kind !== 'right')
      complaints.push(`${verdict.kind}: ${JSON.stringify({ question, answer }).slice(0, 600)}`);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    counts.aborted += 1;
  }
}

const end = performance.now() + minutes * 60_000;
const heap: { readonly minute: number; readonly mib: number }[] = [];
const watch = async (): Promise<void> => {
  const started = performance.now();
  while (performance.now() < end) {
    await pause(Math.min(5000, Math.max(1, end - performance.now())));
    const minute = (performance.now() - started) / 60_000;
    heap.push({ minute, mib: heapMiB() });
    gateway.takeRequests();
    const { requests, wrong, leaks } = counts;
    process.stderr.write(
      `\r${minute.toFixed(1)} of ${minutes} min: ${requests} requests, ${wrong} wrong, ${leaks} leaks   `,
    );
  }
};
const client = async (): Promise<void> => {
  while (performance.now() < end) await askOnce();
};
await Promise.all([watch(), ...Array.from({ length: clients }, client)]);
await pool.destroy();

/** Least squares over the second half, when the caches are full. */
function slopeOf(samples: typeof heap): number {
  const half = samples.slice(Math.floor(samples.length / 2));
  const mean = (of: (sample: (typeof half)[number]) => number) =>
    half.reduce((sum, one) => sum + of(one), 0) / half.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ mib }) => mib)];
  const spread = half.reduce((sum, one) => sum + (one.minute - x) ** 2, 0);
  return spread === 0 ? 0 : half.reduce((sum, one) => sum + (one.minute - x) * (one.mib - y), 0) / spread;
}

const sorted = latencies.toSorted((a, b) => a - b);
const percentile = (share: number): string => `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)} ms`;
const slope = slopeOf(heap);
const rows: readonly (readonly [string, string | number])[] = [
  ['minutes', minutes],
  ['clients', clients],
  ['requests', counts.requests],
  ['right answers', counts.right],
  ['of them stale, and saying so', counts.stale],
  ['typed failures', `${counts.failed} (${[...codes].map(([code, count]) => `${code} ${count}`).join(', ')})`],
  ['left by their client', counts.aborted],
  ['upstream requests', counts.upstream],
  ['wrong answers', counts.wrong],
  ['leaks between callers', counts.leaks],
  ['failures without a code', counts.untyped],
  ['latency, median and 99 %', `${percentile(0.5)}, ${percentile(0.99)}`],
  ['heap at the end', `${(heap.at(-1)?.mib ?? 0).toFixed(1)} MiB`],
  ['heap slope over the second half', `${slope.toFixed(2)} MiB a minute`],
];
process.stderr.write('\n');
process.stdout.write(`| soak with ${faultShare * 100} % faults | |\n| --- | --- |\n`);
for (const [what, value] of rows) process.stdout.write(`| ${what} | ${value} |\n`);
for (const complaint of complaints.slice(0, 5)) process.stdout.write(`\n${complaint}\n`);
if (counts.wrong + counts.leaks + counts.untyped > 0 || slope > largestSlopeMiBPerMinute) process.exitCode = 1;
