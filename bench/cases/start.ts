import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchCase } from '../case.ts';
import { startUpstream } from '../enter.ts';
import { questionToBody } from '../question.ts';
import { showSpread } from '../ratios.ts';
import { startProcess } from '../running.ts';
import { ratiosOf, spreadOf } from '../statistics.ts';

const main = new URL('../../src/main.ts', import.meta.url).pathname;
const bareYoga = new URL('../peers/bare-yoga.ts', import.meta.url).pathname;

/** From the start of the process to the first answer, against the least that yoga can be. */
export const start: BenchCase = {
  name: 'start',
  title: 'process start to first answered query',
  needsPage: false,
  async run({ options, cores, question, progress }) {
    await using upstream = await startUpstream({ IMAGES: '200', DELAY_MS: '0' }, cores.upstream);
    const env = { BANNER: 'off', IMS_ENDPOINT: upstream.url };
    const ours: number[] = [];
    const theirs: number[] = [];
    const starts = Math.max(5, options.rounds);
    // The first start of each fills the caches of the system, and is not counted.
    for (let i = -1; i < starts; i += 1) {
      progress(`start: ${Math.max(i, 0)} of ${starts}`);
      const own = await startOnce(main, env, cores.server, questionToBody(question));
      const bare = await startOnce(bareYoga, {}, cores.server, '{"query":"{ ready }"}');
      if (i >= 0) ours.push(own);
      if (i >= 0) theirs.push(bare);
    }
    const spread = spreadOf(ratiosOf(ours, theirs));
    return {
      columns: [],
      demands: [{ demand: 'under 2 × a bare yoga server', measured: showSpread(spread), isMet: spread.median < 2 }],
      details: [
        {
          title: 'start, in milliseconds',
          rows: [
            ['', 'median (least–most)'],
            ['**this gateway**', showSpread(spreadOf(ours), 0)],
            ['a bare yoga server', showSpread(spreadOf(theirs), 0)],
          ],
        },
      ],
      remarks: [],
    };
  },
};

/** Milliseconds until a server that is started now has answered. */
async function startOnce(
  script: string,
  env: Record<string, string>,
  cores: string | null,
  body: string,
): Promise<number> {
  const port = await freePort();
  const command = [process.execPath, script];
  const started = performance.now();
  const child = startProcess({ command, env: { ...env, PORT: String(port) }, cores, stdio: 'ignore' });
  const ended = once(child, 'close');
  try {
    while (performance.now() - started < 30_000) {
      const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-auth-token': 'demo', connection: 'close' },
        body,
      })
        .then((response) => response.json() as Promise<{ readonly errors?: unknown }>)
        .catch(() => null);
      if (answer !== null && answer.errors === undefined) return performance.now() - started;
      await pause(2);
    }
    throw new Error(`Expected an answer within 30 seconds of ${script}.`);
  } finally {
    child.kill();
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
