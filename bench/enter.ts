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
import { fillTemplate, type Template } from './load/template.ts';
import { toVoid } from './remarks.ts';
import { type RunningServer, startServer } from './running.ts';
import type { Varied } from './variations.ts';

/** Several contestants under the same load. */
export interface Contest extends Varied {
  readonly name: string;
  readonly contestants: readonly Contestant[];
  /** Requests at once, by the name of a load. */
  readonly loads: Readonly<Record<string, number>>;
}

/** Beside the gateway and plain Node these run wherever they can. */
const always: readonly Contestant[] = [bareProxy, handWritten, parsingGateway];

/** In the catalogue of a contest. */
export const IMAGES = '2000';

/** The image service with what its environment says. */
export const startUpstream = (env: Readonly<Record<string, string>>, cores: string | null): Promise<RunningServer> =>
  startServer({
    title: 'the image service',
    script: [new URL('upstream.ts', import.meta.url).pathname],
    env,
    cores,
  });

/** Starts the contestants that can answer the question, and answer it like the gateway. They end with the stack; who is left out is told in the remarks. */
export async function enter(
  contest: Contest,
  { question, options, cores, progress }: Bench,
  upstreamUrl: string,
  stack: AsyncDisposableStack,
  remarks: string[],
): Promise<Entrant[]> {
  const setting = { upstreamUrl, question: contest.question, cores: cores.server };
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
