import type { BenchCase, Demand } from '../case.ts';
import { type ContestResult, runContest } from '../contest.ts';
import { gateway, mercurius, peers, plainNode, yoga } from '../contestants.ts';
import { demandRatio, detailOf, ratioColumn } from '../ratios.ts';
import { otherSelection, otherText, sameRequest, type Variation } from '../variations.ts';

/** A case in which upstream need not be asked. */
const keptCase = (
  name: string,
  title: string,
  vary: Variation,
  toDemands: (result: ContestResult) => readonly Demand[],
): BenchCase => ({
  name,
  title,
  needsPage: vary !== sameRequest,
  async run(bench) {
    const loads = { full: bench.options.connections };
    const contest = { name, contestants: [plainNode, ...peers], loads, ...vary(bench.question) };
    const result = await runContest(contest, bench);
    return {
      columns: [ratioColumn(name, result, plainNode)],
      demands: toDemands(result),
      details: [detailOf(name, result)],
      remarks: result.remarks,
    };
  },
});

export const hot = keptCase('hot', 'the same operation, variables and caller', sameRequest, (result) => [
  ...demandRatio(result, gateway, plainNode, 0.8),
  ...demandRatio(result, gateway, mercurius, 2),
  ...demandRatio(result, gateway, yoga, 5),
]);

const asFastAsMercurius = (result: ContestResult) => demandRatio(result, gateway, mercurius, 1);
export const warmSelection = keptCase('warm-selection', 'pages kept, selection new', otherSelection, asFastAsMercurius);
export const warmText = keptCase('warm-text', 'pages kept, text of the operation new', otherText, asFastAsMercurius);
