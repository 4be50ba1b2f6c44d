import { ask, complaintOf, differenceOf } from '../ask.ts';
import type { Bench, BenchCase } from '../case.ts';
import { startUpstream } from '../contest.ts';
import { gateway } from '../contestants.ts';
import { steadyTemplate } from '../load/template.ts';
import { type Measured, measure } from '../load/wrk.ts';
import { argumentsOf, type Question, questionToBody, toQuestion, withArguments } from '../question.ts';
import { showSpread } from '../ratios.ts';
import { medianOf, ratiosOf, spreadOf } from '../statistics.ts';
import { parse } from 'graphql';

const IMAGES = 100_000;
const NEAR = 0.1;

/** The first page against the last one of a large catalogue, read from the end and by cursor; nothing is kept. */
export const deep: BenchCase = {
  name: 'deep',
  title: `the last page of ${IMAGES} images`,
  needsPage: true,
  async run(bench) {
    const { options, cores, progress } = bench;
    progress('deep: starting');
    await using upstream = await startUpstream({ IMAGES: String(IMAGES), DELAY_MS: '0' }, cores.upstream);
    const gatewayEnv = { CACHE_FRESH_MS: '0' };
    await using server = await gateway.start({
      upstreamUrl: upstream.url,
      question: bench.question,
      cores: cores.server,
      gatewayEnv,
    });
    const pages = await questionsOf(bench, server.url);
    const remarks = await compareEnds(server.url, pages);

    const rounds = new Map<string, Measured[]>();
    const load = { url: server.url, connections: 8, from: 1, cores: cores.load };
    for (const [, question] of pages) {
      await measure({ ...load, seconds: options.warmUpSeconds, template: steadyTemplate(questionToBody(question)) });
    }
    for (let round = 0; round < options.rounds; round += 1) {
      for (const [name, question] of pages) {
        progress(`deep: round ${round + 1} of ${options.rounds}, ${name}`);
        const measured = await measure({
          ...load,
          seconds: options.seconds,
          template: steadyTemplate(questionToBody(question)),
        });
        rounds.set(name, [...(rounds.get(name) ?? []), measured]);
      }
    }

    const speeds = (name: string) => rounds.get(name)?.map(({ requestsPerSecond }) => requestsPerSecond) ?? [];
    const errors = [...rounds.values()].flat().reduce((sum, one) => sum + one.errors, 0);
    return {
      columns: [],
      demands: [...rounds.keys()]
        .filter((name) => name !== FIRST)
        .map((name) => {
          const spread = spreadOf(ratiosOf(speeds(name), speeds(FIRST)));
          const isMet = Math.abs(spread.median - 1) <= NEAR || spread.median > 1;
          return { demand: `${name}: as fast as the first page, within 10 %`, measured: showSpread(spread), isMet };
        }),
      details: [
        {
          title: 'deep',
          rows: [
            ['', 'requests/s', 'p50 ms', 'p99 ms'],
            ...[...rounds].map(([name, measured]) => [
              name,
              medianOf(measured.map((one) => one.requestsPerSecond)).toFixed(0),
              medianOf(measured.map((one) => one.p50Ms)).toFixed(2),
              medianOf(measured.map((one) => one.p99Ms)).toFixed(2),
            ]),
          ],
        },
      ],
      remarks: errors > 0 ? [...remarks, `**deep: ${errors} errors under load**; its numbers are void.`] : remarks,
    };
  },
};

const FIRST = 'first page';

/** The pages, by name: the first one, and the last one in three ways. */
async function questionsOf({ question }: Bench, url: string): Promise<[string, Question][]> {
  const size = argumentsOf(question).first ?? argumentsOf(question).last ?? 20;
  const nowhere = { first: undefined, after: undefined, last: undefined, before: undefined };
  // The operation of the bench may ask for no cursor, so another one finds them.
  const { filter, orderBy } = argumentsOf(question);
  const places = toQuestion(parse('{ images { edges { cursor } } }'), {});
  const cursorsOf = async (args: object): Promise<string[]> => {
    const answered = await ask(url, questionToBody(withArguments(places, { filter, orderBy, ...args })));
    return answered.json?.data?.images?.edges?.map(({ cursor }: any) => cursor) ?? [];
  };
  const last = await cursorsOf({ last: size });
  const [before] = await cursorsOf({ last: 1, before: last[0] });
  return [
    [FIRST, withArguments(question, { ...nowhere, first: size })],
    ['last page, read backward', withArguments(question, { ...nowhere, last: size })],
    ['last page, read forward from a cursor', withArguments(question, { ...nowhere, first: size, after: before })],
    [
      'page before the last one, read backward from a cursor',
      withArguments(question, { ...nowhere, last: size, before: last[0] }),
    ],
  ];
}

/** The last page is the same however it is read. */
async function compareEnds(url: string, pages: readonly (readonly [string, Question])[]): Promise<string[]> {
  const [, backward, forward] = await Promise.all(
    pages.map(async ([name, question]) => {
      const answered = await ask(url, questionToBody(question));
      const complaint = complaintOf(answered);
      if (complaint !== null) throw new Error(`deep: ${name}: ${complaint}`);
      return gateway.toPage(answered.json, question).rows;
    }),
  );
  const difference = differenceOf({ rows: backward ?? [] }, { rows: forward ?? [] });
  return difference === null ? [] : [`**deep: the last page is another one read backward**: ${difference}`];
}
