import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Pool } from 'undici';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/embedded/random.ts';
import { type FuzzRequest, nextFuzzRequest } from '../support/fuzz-requests.ts';
import { startTestGateway } from '../support/gateway.ts';

const requests = Number(process.env['FUZZ_REQUESTS'] ?? 20_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const concurrency = 16;
const patienceMs = 5000;

interface FuzzAnswer {
  readonly status: number;
  readonly text: string;
}

/** What is wrong with an answer; null if nothing is. */
function complaintOf({ status, text }: FuzzAnswer): string | null {
  if (status >= 500) return 'a failure of the gateway';
  if (/node_modules|file:\/\/|\.ts:\d|\bat \w+ \(/.test(text)) return 'the insides of the gateway';
  if (text.includes('Unexpected error') || text.includes('INTERNAL_SERVER_ERROR')) return 'a mistake that was masked';
  if (!text.startsWith('{"')) return null;
  const { errors = [] } = JSON.parse(text);
  const nameless = errors.find((error: any) => typeof error.extensions?.code !== 'string');
  return nameless === undefined ? null : `an error without a code: ${nameless.message}`;
}

const collectGarbage: () => void = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
})();

const heapMiB = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

test(`${requests} requests that nobody would send: each is answered in time, none breaks the gateway, no memory grows`, async () => {
  await using gateway = await startTestGateway({
    env: { IMS_ENDPOINT: '', CACHE_MAX_PAGES: '100', GRAPHIQL: 'off' },
  });
  const pool = new Pool(new URL(gateway.url).origin, { connections: concurrency });
  const random = createRandom(seed);
  const complaints: string[] = [];
  let sent = 0;

  const send = async ({ method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> => {
    const signal = AbortSignal.timeout(patienceMs);
    const { statusCode, body: answer } = await pool.request({ method, path, headers, body, signal });
    return { status: statusCode, text: await answer.text() };
  };

  const work = async (upTo: number): Promise<void> => {
    while (sent < upTo) {
      sent += 1;
      const request = nextFuzzRequest(random);
      const outcome = await send(request).catch((error: unknown) => ({ status: 599, text: String(error) }));
      const complaint = complaintOf(outcome);
      if (complaint !== null)
        complaints.push(
          `${complaint}: ${JSON.stringify({ request, outcome }).slice(0, 2000).replaceAll('a'.repeat(50), '')}`,
        );
    }
  };
  const run = (upTo: number) => Promise.all(Array.from({ length: concurrency }, () => work(upTo)));

  await run(requests / 4);
  const before = heapMiB();
  await run(requests);
  const grownMiB = heapMiB() - before;

  expect(complaints.slice(0, 5)).toEqual([]);
  expect(gateway.logged).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(requests);
  expect(grownMiB).toBeLessThan(15);
  await pool.destroy();
}, 600_000);
