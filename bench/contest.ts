import { ask } from './ask.ts';
import type { Bench } from './case.ts';
import { compare, type Entrant } from './compare.ts';
import type { Contestant } from './contestants.ts';
import { type Contest, enter, IMAGES, startUpstream } from './enter.ts';
import { type Measured, measure } from './load/measure.ts';
import { fillTemplate } from './load/template.ts';
import { remarkOnOthers, remarksOn, toVoid } from './remarks.ts';
import { inTurns, roundsOfStarts } from './turns.ts';

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

/** Of load before each round: who waited for a minute has given memory back, and had it taken from it. */
const WAKING_SECONDS = 1;
/** More than one measurement asks. */
const NUMBERS_OF_A_MEASUREMENT = 2_000_000;

/**
 * Runs the contestants side by side, one under load at a time, in turns; and again in new processes, as equal ones are not
 * equally fast. Who is left out of one start has no rounds at all, as ratios are taken round by round.
 */
export async function runContest(contest: Contest, bench: Bench): Promise<ContestResult> {
  const { rounds, starts } = bench.options;
  const results: ContestResult[] = [];
  for (const numbers of roundsOfStarts(rounds, starts)) results.push(await runOnce(contest, bench, numbers));
  return joinStarts(contest.name, results);
}

/** What came of several starts as one result. Errors under load count, also of those who are left out. */
export function joinStarts(name: string, results: readonly ContestResult[]): ContestResult {
  const everybody = [...new Set(results.flatMap(({ rounds }) => [...rounds.keys()]))];
  const measured = everybody.map((one) => [one, results.flatMap(({ rounds }) => rounds.get(one) ?? [])] as const);
  const all = measured.map(([one, own]) => [one.name, own.flatMap(Object.values<Round>)] as const);
  return {
    rounds: new Map(measured.filter(([one]) => results.every(({ rounds }) => rounds.has(one)))),
    remarks: [
      ...new Set(results.flatMap(({ remarks }) => remarks)),
      ...all.flatMap(([who, own]) => remarksOn(`${name}: ${who}`, own)),
      ...remarkOnOthers(
        name,
        all.flatMap(([, own]) => own),
      ),
    ],
  };
}

/** Rounds of these numbers, with the same processes. */
async function runOnce(contest: Contest, bench: Bench, numbers: readonly number[]): Promise<ContestResult> {
  const { options, cores, generator, progress } = bench;
  const remarks: string[] = [];
  await using stack = new AsyncDisposableStack();
  const upstream = stack.use(await startUpstream({ IMAGES, DELAY_MS: String(contest.delayMs) }, cores.upstream));
  const entrants = await enter(contest, bench, upstream.url, stack, remarks);
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
  const rounds = await inTurns(entrants, numbers, async (entrant, round) => {
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
  return { rounds: new Map([...rounds].map(([{ contestant }, own]) => [contestant, own])), remarks };
}
