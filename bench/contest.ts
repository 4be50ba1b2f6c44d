import { ask, complaintOf } from './ask.ts';
import type { Bench } from './case.ts';
import { compare, type Entrant, FIRST_COMPARED } from './compare.ts';
import {
  bareProxy,
  type Contestant,
  type Finished,
  gateway,
  handWritten,
  parsingGateway,
  plainNode,
} from './contestants.ts';
import { type Measured, measure } from './load/measure.ts';
import { fillTemplate, type Template } from './load/template.ts';
import { remarkOnOthers, remarksOn, toVoid } from './remarks.ts';
import { type RunningServer, startServer } from './running.ts';
import { inTurns } from './turns.ts';
import type { Varied } from './variations.ts';

/** Several contestants under the same load. */
export interface Contest extends Varied {
  readonly name: string;
  readonly contestants: readonly Contestant[];
  /** Requests at once, by the name of a load. */
  readonly loads: Readonly<Record<string, number>>;
}

/** One measurement, and how much of a core the server and the image service took meanwhile. */
export interface Round extends Measured {
  readonly serverBusy: number;
  readonly upstreamBusy: number;
}

/** What each contestant did, round by round, under each load. */
export interface ContestResult {
  readonly rounds: ReadonlyMap<Contestant, readonly Readonly<Record<string, Round>>[]>;
  readonly remarks: readonly string[];
}

/** Beside the gateway and plain Node these run wherever they can. */
const always: readonly Contestant[] = [bareProxy, handWritten, parsingGateway];

/** In the catalogue of a contest. */
const IMAGES = '2000';
/** Of load before each round: who waited for a minute has given memory back, and had it taken from it. */
const WAKING_SECONDS = 1;
/** More than one measurement asks. */
const NUMBERS_OF_A_MEASUREMENT = 2_000_000;

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
  const { options, cores, generator, progress } = bench;
  const remarks: string[] = [];
  await using stack = new AsyncDisposableStack();
  const upstream = stack.use(await startUpstream({ IMAGES, DELAY_MS: String(contest.delayMs) }, cores.upstream));
  const entrants = await enter(contest, bench, upstream, stack, remarks);
  const loads = Object.entries(contest.loads);
  const most = Math.max(...Object.values(contest.loads));
  const shared = { cores: cores.load, generator };

  let measurements = 0;
  /** Puts a server under load that asks what nobody has asked. */
  const measureOne = ({ server, template }: Entrant, connections: number, seconds: number): Promise<Measured> => {
    measurements += 1;
    const from = measurements * NUMBERS_OF_A_MEASUREMENT;
    return measure({ ...shared, url: server.url, template, connections, seconds, from });
  };

  for (const entrant of entrants) {
    const { contestant, server, template } = entrant;
    progress(`${contest.name}: warming ${contestant.name}`);
    for (let page = 0; page < template.pages; page += 1) await ask(server.url, fillTemplate(template, page));
    await measureOne(entrant, most, options.warmUpSeconds);
  }
  const rounds = await inTurns(entrants, options.rounds, async (entrant, round) => {
    const { contestant, server } = entrant;
    const results: Record<string, Round> = {};
    await measureOne(entrant, most, WAKING_SECONDS);
    for (const [load, connections] of loads) {
      progress(`${contest.name}: round ${round + 1} of ${options.rounds}, ${contestant.name}, ${connections} at once`);
      const { seconds } = options;
      const before = [server, upstream].map((one) => one.usage().cpuSeconds);
      const measured = await measureOne(entrant, connections, seconds);
      const [serverBusy = 0, upstreamBusy = 0] = [server, upstream].map(
        (one, i) => (one.usage().cpuSeconds - (before[i] ?? 0)) / seconds,
      );
      results[load] = { ...measured, serverBusy, upstreamBusy };
    }
    return results;
  });

  progress(`${contest.name}: comparing answers again`);
  for (const [{ contestant }, difference] of await compare(entrants, contest.question, 2)) {
    remarks.push(toVoid(`${contest.name}: ${contestant.name} answered something else after the load`, difference));
  }
  const measured = [...rounds].map(([{ contestant }, own]) => [contestant, own.flatMap(Object.values<Round>)] as const);
  return {
    rounds: new Map([...rounds].map(([{ contestant }, own]) => [contestant, own])),
    remarks: [
      ...remarks,
      ...measured.flatMap(([{ name }, own]) => remarksOn(`${contest.name}: ${name}`, own)),
      ...remarkOnOthers(
        contest.name,
        measured.flatMap(([, own]) => own),
      ),
    ],
  };
}

/** Starts the contestants that can answer the question, and answer it like the gateway. */
async function enter(
  contest: Contest,
  { question, options, cores, progress }: Bench,
  upstream: RunningServer,
  stack: AsyncDisposableStack,
  remarks: string[],
): Promise<Entrant[]> {
  const setting = { upstreamUrl: upstream.url, question: contest.question, cores: cores.server };
  const enterOne = async (contestant: Contestant, finished?: Finished): Promise<Entrant> => {
    const template = toTemplate(contest, contestant);
    const started = contestant.start(finished === undefined ? setting : { ...setting, finished });
    return { contestant, server: stack.use(await started), template };
  };
  // The gateway and the limits always run; peers as the user wants, and all but plain Node if they can.
  const isWanted = (one: Contestant): boolean =>
    one === plainNode || (question.isPage && (always.includes(one) || options.contestants.includes(one.name)));

  progress(`${contest.name}: starting the gateway`);
  const own = await enterOne(gateway);
  const answered = await ask(own.server.url, fillTemplate(own.template, FIRST_COMPARED));
  const complaint = complaintOf(answered);
  if (complaint !== null) throw new Error(`The gateway does not answer the operation: ${complaint}`);
  progress(`${contest.name}: starting the others`);
  const others = await Promise.all(
    contest.contestants.filter(isWanted).map((contestant) =>
      enterOne(contestant, answered).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        remarks.push(`${contest.name}: ${contestant.name} is left out: ${why}`);
        return null;
      }),
    ),
  );
  const entrants = [own, ...others.filter((one) => one !== null)];

  const unlike = await compare(entrants, contest.question, 1);
  for (const [{ contestant }, difference] of unlike) {
    remarks.push(toVoid(`${contest.name}: ${contestant.name} is left out, as it answers something else`, difference));
  }
  return entrants.filter((one) => !unlike.has(one));
}

/** The requests of a contestant. Throws where it cannot be asked so. */
export function toTemplate({ varied, question, pages }: Varied, contestant: Contestant): Template {
  const body = contestant.toBody(question);
  return { body: varied === null ? body : body.replaceAll(varied[0], varied[1]), pages };
}
