import type { BenchCase } from '../case.ts';
import { chosenFrom } from '../chosen.ts';
import { runContest } from '../contest.ts';
import { bareProxy, gateway, peers, plainNode } from '../contestants.ts';
import { addedLatencies, demandRatio, detailOf, ratioColumn, showSpread } from '../ratios.ts';
import { spreadOf } from '../statistics.ts';
import { otherFilter } from '../variations.ts';

/** Every filter is new, and the image service takes its time. */
export const cold: BenchCase = {
  name: 'cold',
  title: 'every filter new, the image service answers in 5 ms',
  needsPage: true,
  async run(bench) {
    const running = chosenFrom([plainNode, bareProxy, gateway, ...peers], bench);
    const result = await runContest(
      // What is added to latency is seen where nothing waits for its turn.
      { name: 'cold', contestants: running, loads: { full: 64, light: 4 }, ...otherFilter(bench.question) },
      bench,
    );
    const added = new Map(
      running.flatMap((contestant) => {
        const latencies = addedLatencies(result, contestant, bareProxy, 'light');
        return contestant === plainNode || latencies.length === 0
          ? []
          : [[contestant.title, `${showSpread(spreadOf(latencies))} ms`] as const];
      }),
    );
    const own = spreadOf(addedLatencies(result, gateway, bareProxy, 'light'));
    return {
      columns: [
        ratioColumn('cold', result, plainNode),
        { title: 'cold: added to the proxy’s median latency', cells: added },
      ],
      demands: [
        ...demandRatio(result, gateway, bareProxy, 0.6),
        ...peers.flatMap((peer) => demandRatio(result, gateway, peer, 1)),
        { demand: 'adds less than 1.5 ms to the median', measured: `${showSpread(own)} ms`, isMet: own.median < 1.5 },
      ],
      details: [detailOf('cold', result)],
      remarks: result.remarks,
    };
  },
};
