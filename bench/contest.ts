import { ask, complaintOf } from './ask.ts';
import type { Bench } from './case.ts';
import { compare, type Entrant, FIRST_COMPARED } from './compare.ts';
import { type Contestant, gateway, type Setting } from './contestants.ts';
import { fillTemplate, type Template } from './load/template.ts';
import { type Measured, measure } from './load/wrk.ts';
import { type RunningServer, startServer } from './running.ts';
import type { Varied } from './variations.ts';

/** Several contestants under the same load. */
export interface Contest extends Varied {
  readonly name: string;
  readonly contestants: readonly Contestant[];
  /** Requests at once, by the name of a load. */
  readonly loads: Readonly<Record<string, number>>;
}

/** In the catalogue of a contest. */
const IMAGES = '2000';

/** One measurement, and how much of a core the server and the image service took meanwhile. */
export interface Round extends Measured {
  readonly serverBusy: number;
  readonly upstreamBusy: number;
}

/** What each contestant did under each load, round by round. */
export interface ContestResult {
  readonly rounds: ReadonlyMap<Contestant, Readonly<Record<string, readonly Round[]>>>;
  readonly remarks: readonly string[];
}

interface Contending extends Entrant {
  readonly rounds: Record<string, Round[]>;
}

/** The image service with what its environment says. */
export const startUpstream = (env: Readonly<Record<string, string>>, cores: string | null): Promise<RunningServer> =>
  startServer({
    title: 'the image service',
    script: [new URL('upstream.ts', import.meta.url).pathname],
    env,
    cores,
  });

/** Runs the contestants side by side, one under load at a time, in turns. */
export async function runContest(contest: Contest, bench: Bench): Promise<ContestResult> {
  const { options, cores, progress } = bench;
  const remarks: string[] = [];
  await using stack = new AsyncDisposableStack();
  const upstream = stack.use(await startUpstream({ IMAGES, DELAY_MS: String(contest.delayMs) }, cores.upstream));
  const setting = { upstreamUrl: upstream.url, question: contest.question, cores: cores.server };
  const entrants = await enter(contest, setting, stack, remarks, progress);

  for (const { contestant, server, template } of entrants) {
    progress(`${contest.name}: warming ${contestant.name}`);
    for (let page = 0; page < template.pages; page += 1) await ask(server.url, fillTemplate(template, page));
    const seconds = options.warmUpSeconds;
    await measure({ ...loadOf(contest, server, template), seconds, from: 1, cores: cores.load });
  }
  for (let round = 0; round < options.rounds; round += 1) {
    // Nobody always follows the same one.
    const order = [...entrants.slice(round % entrants.length), ...entrants.slice(0, round % entrants.length)];
    for (const [place, entrant] of order.entries()) {
      for (const [load, connections] of Object.entries(contest.loads)) {
        const { contestant, server, template } = entrant;
        progress(
          `${contest.name}: round ${round + 1} of ${options.rounds}, ${contestant.name}, ${connections} at once`,
        );
        const before = [server, upstream].map((one) => one.usage().cpuSeconds);
        const from = ((round * entrants.length + place) * 2 + (load === 'full' ? 1 : 2)) * NUMBERS_OF_A_ROUND;
        const { seconds } = options;
        const measured = await measure({ url: server.url, template, connections, seconds, from, cores: cores.load });
        const [serverBusy = 0, upstreamBusy = 0] = [server, upstream].map(
          (one, i) => (one.usage().cpuSeconds - (before[i] ?? 0)) / seconds,
        );
        (entrant.rounds[load] ??= []).push({ ...measured, serverBusy, upstreamBusy });
      }
    }
  }

  progress(`${contest.name}: comparing answers again`);
  const unlike = await compare(entrants, contest.question, 2);
  for (const [{ contestant }, difference] of unlike) {
    remarks.push(`**${contest.name}: ${contestant.name} answered something else after the load**: ${difference}`);
  }
  for (const { contestant, rounds } of entrants) {
    const errors = Object.values(rounds)
      .flat()
      .reduce((sum, one) => sum + one.errors, 0);
    if (errors > 0)
      remarks.push(`**${contest.name}: ${contestant.name} had ${errors} errors under load**; its numbers are void.`);
    const isLimited = Object.values(rounds)
      .flat()
      .some(({ loadBusy }) => loadBusy > 0.95);
    if (isLimited)
      remarks.push(
        `${contest.name}: the load generator was at its own limit with ${contestant.name}; it may be faster.`,
      );
  }
  return { rounds: new Map(entrants.map(({ contestant, rounds }) => [contestant, rounds])), remarks };
}

/** More than one measurement asks. */
const NUMBERS_OF_A_ROUND = 2_000_000;

const loadOf = ({ loads }: Contest, { url }: RunningServer, template: Template) => ({
  url,
  template,
  connections: loads['full'] ?? 1,
});

/** Starts the contestants that can answer the question, and answer it like the gateway. */
async function enter(
  contest: Contest,
  setting: Omit<Setting, 'finished'>,
  stack: AsyncDisposableStack,
  remarks: string[],
  progress: Bench['progress'],
): Promise<Contending[]> {
  const entrants: Contending[] = [];
  const add = async (contestant: Contestant, finished: Uint8Array) => {
    progress(`${contest.name}: starting ${contestant.name}`);
    const template = toTemplate(contest, contestant);
    const server = stack.use(await contestant.start({ ...setting, finished }));
    entrants.push({ contestant, server, template, rounds: {} });
    return server;
  };

  const own = await add(gateway, new Uint8Array());
  const answered = await ask(own.url, fillTemplate(toTemplate(contest, gateway), FIRST_COMPARED));
  const complaint = complaintOf(answered);
  if (complaint !== null) throw new Error(`The gateway does not answer the operation: ${complaint}`);
  for (const contestant of contest.contestants) {
    if (contestant === gateway) continue;
    await add(contestant, answered.bytes).catch((error: unknown) => {
      remarks.push(
        `${contest.name}: ${contestant.name} is left out: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  const unlike = await compare(entrants, contest.question, 1);
  for (const [{ contestant }, difference] of unlike) {
    remarks.push(`**${contest.name}: ${contestant.name} is left out, as it answers something else**: ${difference}`);
  }
  return contest.contestants.flatMap(
    (contestant) => entrants.find((one) => one.contestant === contestant && !unlike.has(one)) ?? [],
  );
}

/** The requests of a contestant. Throws where it cannot be asked so. */
export function toTemplate({ varied, question, pages }: Varied, contestant: Contestant): Template {
  const body = contestant.toBody(question);
  return { body: varied === null ? body : body.replaceAll(varied[0], varied[1]), pages };
}
