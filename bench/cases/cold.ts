import type { BenchCase } from '../case.ts';
import { runContest } from '../contest.ts';
import { bareProxy, gateway, handWritten, parsingGateway, peers, plainNode } from '../contestants.ts';
import { addedLatency, demandRatio, detailOf, ratioColumn } from '../ratios.ts';
import { otherFilter } from '../variations.ts';

const MOST_ADDED_MS = 1.5;

/** Every filter is new, and the image service takes its time. */
export const cold: BenchCase = {
  name: 'cold',
  title: 'every filter new, the image service answers in 5 ms',
  needsPage: true,
  async run(bench) {
    const result = await runContest(
      {
        name: 'cold',
        contestants: [plainNode, bareProxy, handWritten, parsingGateway, ...peers],
        // So many that nobody only waits for the image service; and so few that nobody waits for its turn, for the latency.
        loads: { full: 2 * bench.options.connections, light: 4 },
        ...otherFilter(bench.question),
      },
      bench,
    );
    const added = [...result.rounds.keys()]
      .filter((one) => one !== plainNode)
      .map((one) => [one.title, addedLatency(result, one, bareProxy, 'light')] as const);
    const own = addedLatency(result, gateway, bareProxy, 'light');
    return {
      columns: [
        ratioColumn('cold', result, plainNode),
        {
          title: 'cold: added to the proxy’s median latency',
          cells: new Map(added.map(([title, one]) => [title, one?.shown ?? ''])),
        },
      ],
      demands: [
        ...demandRatio(result, gateway, bareProxy, 0.6),
        ...peers.flatMap((peer) => demandRatio(result, gateway, peer, 1)),
        ...(own === null
          ? []
          : [
              {
                demand: `adds less than ${MOST_ADDED_MS} ms to the proxy’s median`,
                measured: own.shown,
                isMet: own.medianMs < MOST_ADDED_MS,
              },
            ]),
      ],
      details: [detailOf('cold', result)],
      remarks: result.remarks,
    };
  },
};
