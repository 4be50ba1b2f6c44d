import type { BenchCase } from '../case.ts';
import { chosenFrom } from '../chosen.ts';
import { runContest } from '../contest.ts';
import { gateway, mercurius, peers, plainNode, yoga } from '../contestants.ts';
import { demandRatio, detailOf, ratioColumn } from '../ratios.ts';
import { sameRequest } from '../variations.ts';

/** The same operation, variables and caller, again and again. */
export const hot: BenchCase = {
  name: 'hot',
  title: 'the same operation, variables and caller',
  needsPage: false,
  async run(bench) {
    const contestants = chosenFrom([plainNode, gateway, ...peers], bench);
    const result = await runContest(
      { name: 'hot', contestants, loads: { full: 32 }, ...sameRequest(bench.question) },
      bench,
    );
    return {
      columns: [ratioColumn('hot', result, plainNode)],
      demands: [
        ...demandRatio(result, gateway, plainNode, 0.8),
        ...demandRatio(result, gateway, mercurius, 2),
        ...demandRatio(result, gateway, yoga, 5),
      ],
      details: [detailOf('hot', result)],
      remarks: result.remarks,
    };
  },
};
