import type { Bench, BenchCase } from '../case.ts';
import { startUpstream, toTemplate } from '../contest.ts';
import { gateway, twoGateways } from '../contestants.ts';
import { type Measured, measure } from '../load/wrk.ts';
import { showSpread } from '../ratios.ts';
import { medianOf, ratiosOf, spreadOf } from '../statistics.ts';
import { otherText } from '../variations.ts';

/** Two processes behind one port against one, where the gateway has the most to do beside the load generator. */
export const twoProcesses: BenchCase = {
  name: 'two-processes',
  title: 'two processes on two cores behind one port',
  needsPage: true,
  async run(bench: Bench) {
    const { options, cores, progress } = bench;
    progress('two-processes: starting');
    const varied = otherText(bench.question);
    const { question } = varied;
    const template = toTemplate(varied, gateway);
    await using upstream = await startUpstream({ IMAGES: '2000', DELAY_MS: '0' }, cores.upstream);
    const setting = { upstreamUrl: upstream.url, question };
    await using one = await gateway.start({ ...setting, cores: cores.server });
    await using two = await twoGateways.start({ ...setting, cores: cores.pair });
    const rounds = new Map<string, Measured[]>([
      ['one process', []],
      ['two processes', []],
    ]);
    const servers = [
      ['one process', one],
      ['two processes', two],
    ] as const;
    const load = { template, connections: 64, cores: cores.load };
    for (const [, { url }] of servers) await measure({ ...load, url, seconds: options.warmUpSeconds, from: 1 });
    for (let round = 0; round < options.rounds; round += 1) {
      for (const [name, { url }] of servers) {
        progress(`two-processes: round ${round + 1} of ${options.rounds}, ${name}`);
        const from = (round + 1) * 2_000_000;
        rounds.get(name)?.push(await measure({ ...load, url, seconds: options.seconds, from }));
      }
    }
    const speeds = (name: string) => rounds.get(name)?.map((measured) => measured.requestsPerSecond) ?? [];
    const spread = spreadOf(ratiosOf(speeds('two processes'), speeds('one process')));
    const all = [...rounds.values()].flat();
    const errors = all.reduce((sum, measured) => sum + measured.errors, 0);
    const loadBusy = medianOf(all.map((measured) => measured.loadBusy));
    return {
      columns: [],
      demands: [{ demand: 'at least 1.7 × one', measured: showSpread(spread), isMet: spread.median >= 1.7 }],
      details: [
        {
          title: 'two-processes',
          rows: [
            ['', 'requests/s', 'p99 ms'],
            ...[...rounds].map(([name, measured]) => [
              name,
              medianOf(measured.map((round) => round.requestsPerSecond)).toFixed(0),
              medianOf(measured.map((round) => round.p99Ms)).toFixed(2),
            ]),
          ],
        },
      ],
      remarks: [
        ...(errors > 0 ? [`**two-processes: ${errors} errors under load**; its numbers are void.`] : []),
        ...(cores.pair?.split(',').includes(cores.load ?? '') === true
          ? [
              `two-processes: the load generator shares a core with one of the two, and takes ${(loadBusy * 100).toFixed(0)} % of it.`,
            ]
          : []),
      ],
    };
  },
};
