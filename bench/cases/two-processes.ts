import type { Bench, BenchCase } from '../case.ts';
import { gateway, twoGateways } from '../contestants.ts';
import { startUpstream, toTemplate } from '../enter.ts';
import { measure } from '../load/measure.ts';
import { showSpread } from '../ratios.ts';
import { remarkOnOthers, remarksOn } from '../remarks.ts';
import { medianOf, ratiosOf, spreadOf } from '../statistics.ts';
import { firstRounds, inTurns } from '../turns.ts';
import { otherText } from '../variations.ts';

/** Two processes behind one port against one, where the gateway has the most to do beside the load generator. */
export const twoProcesses: BenchCase = {
  name: 'two-processes',
  title: 'two processes on two cores behind one port',
  needsPage: true,
  async run({ options, cores, question, generator, progress }: Bench) {
    progress('two-processes: starting');
    const varied = otherText(question);
    await using upstream = await startUpstream({ IMAGES: '2000', DELAY_MS: '0' }, cores.upstream);
    const setting = { upstreamUrl: upstream.url, question: varied.question };
    await using one = await gateway.start({ ...setting, cores: cores.server });
    await using two = await twoGateways.start({ ...setting, cores: cores.pair });
    const connections = 2 * options.connections;
    const load = { template: toTemplate(varied, gateway), connections, cores: cores.load, generator };
    const servers = [one, two];
    for (const { url } of servers) await measure({ ...load, url, seconds: options.warmUpSeconds, from: 1 });
    const rounds = await inTurns(servers, firstRounds(options.rounds), ({ url }, round) => {
      progress(`two-processes: round ${round + 1} of ${options.rounds}, ${url === one.url ? 'one' : 'two'}`);
      return measure({ ...load, url, seconds: options.seconds, from: (round + 1) * 2_000_000 });
    });
    const [ofOne = [], ofTwo = []] = servers.map((server) => rounds.get(server));
    const speeds = [ofTwo, ofOne].map((measured) => measured.map(({ requestsPerSecond }) => requestsPerSecond));
    const spread = spreadOf(ratiosOf(speeds[0] ?? [], speeds[1] ?? []));
    const all = [...ofOne, ...ofTwo];
    const share = (medianOf(all.map(({ loadBusy }) => loadBusy)) * 100).toFixed(0);
    const remarks = [...remarksOn('two-processes', all), ...remarkOnOthers('two-processes', all)];
    if (cores.pair?.split(',').includes(cores.load ?? '') === true) {
      remarks.push(
        `two-processes: the load generator and the image service share a core with one of the two; the former takes ${share} % of it.`,
      );
    }
    return {
      columns: [],
      demands: [{ demand: 'at least 1.7 × one', measured: showSpread(spread), isMet: spread.median >= 1.7 }],
      details: [
        {
          title: 'two-processes',
          rows: [
            ['', 'requests/s', 'p99 ms'],
            ...[ofOne, ofTwo].map((measured, i) => [
              i === 0 ? 'one process' : 'two processes',
              medianOf(measured.map((round) => round.requestsPerSecond)).toFixed(0),
              medianOf(measured.map((round) => round.p99Ms)).toFixed(2),
            ]),
          ],
        },
      ],
      remarks,
    };
  },
};
