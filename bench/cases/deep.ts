import { parse } from 'graphql';
import { ask, complaintOf, differenceOf } from '../ask.ts';
import type { Bench, BenchCase } from '../case.ts';
import { gateway } from '../contestants.ts';
import { startUpstream } from '../enter.ts';
import { steadyTemplate } from '../load/template.ts';
import { measure } from '../load/measure.ts';
import { argumentsOf, type Question, questionToBody, toQuestion, withArguments } from '../question.ts';
import { showSpread } from '../ratios.ts';
import { remarkOnOthers, remarksOn, toVoid } from '../remarks.ts';
import { medianOf, ratiosOf, spreadOf } from '../statistics.ts';
import { firstRounds, inTurns } from '../turns.ts';

const IMAGES = 100_000;
const NEAR = 0.1;
/** Of one process nothing has to be woken, so that there can be many short turns, of one second each: the median of many is nearer. */
const TURNS_OF_A_ROUND = 3;
const TURN_SECONDS = 1;

/** The first page against the last one of a large catalogue, read from the end and by cursor; nothing is kept. */
export const deep: BenchCase = {
  name: 'deep',
  title: `the last page of ${IMAGES} images`,
  needsPage: true,
  async run(bench) {
    const { options, cores, generator, progress } = bench;
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
    const answers = await answersTo(pages, server.url);
    const costs = new Map(answers.map(([name, { json }]) => [name, json.extensions?.upstream?.requests]));
    const [, backward = [], forward = []] = answers.map(([, { json }]) => gateway.toPage(json, bench.question).rows);
    const difference = differenceOf({ rows: backward }, { rows: forward });
    const remarks = difference === null ? [] : [toVoid('deep: the last page is another one read backward', difference)];

    const measurePage = (question: Question, seconds: number) => {
      const template = steadyTemplate(questionToBody(question));
      return measure({ url: server.url, template, connections: 8, seconds, from: 1, cores: cores.load, generator });
    };
    for (const [, question] of pages) await measurePage(question, options.warmUpSeconds);
    const turns = options.rounds * TURNS_OF_A_ROUND;
    const measured = await inTurns(pages, firstRounds(turns), ([name, question], turn) => {
      progress(`deep: turn ${turn + 1} of ${turns}, ${name}`);
      return measurePage(question, TURN_SECONDS);
    });
    const rounds = new Map([...measured].map(([[name], own]) => [name, own]));

    const speeds = (name: string) => rounds.get(name)?.map(({ requestsPerSecond }) => requestsPerSecond) ?? [];
    const all = [...rounds.values()].flat();
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
            ['', 'requests/s', 'p50 ms', 'p99 ms', 'upstream requests of one'],
            ...[...rounds].map(([name, own]) => [
              name,
              medianOf(own.map((one) => one.requestsPerSecond)).toFixed(0),
              medianOf(own.map((one) => one.p50Ms)).toFixed(2),
              medianOf(own.map((one) => one.p99Ms)).toFixed(2),
              String(costs.get(name) ?? ''),
            ]),
          ],
        },
      ],
      remarks: [...remarks, ...remarksOn('deep', all), ...remarkOnOthers('deep', all)],
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

/** One answer to each, by name. */
function answersTo(pages: readonly (readonly [string, Question])[], url: string) {
  return Promise.all(
    pages.map(async ([name, question]) => {
      const answered = await ask(url, questionToBody(question));
      const complaint = complaintOf(answered);
      if (complaint !== null) throw new Error(`deep: ${name}: ${complaint}`);
      return [name, answered] as const;
    }),
  );
}
