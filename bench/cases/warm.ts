import type { BenchCase } from '../case.ts';
import { chosenFrom } from '../chosen.ts';
import { runContest } from '../contest.ts';
import { gateway, mercurius, peers, plainNode } from '../contestants.ts';
import { demandRatio, detailOf, ratioColumn } from '../ratios.ts';
import { otherSelection, otherText, type Variation } from '../variations.ts';

const warmCase = (name: string, title: string, vary: Variation): BenchCase => ({
  name,
  title,
  needsPage: true,
  async run(bench) {
    const contestants = chosenFrom([plainNode, gateway, ...peers], bench);
    const result = await runContest({ name, contestants, loads: { full: 32 }, ...vary(bench.question) }, bench);
    return {
      columns: [ratioColumn(name, result, plainNode)],
      demands: demandRatio(result, gateway, mercurius, 1),
      details: [detailOf(name, result)],
      remarks: result.remarks,
    };
  },
});

export const warmSelection: BenchCase = warmCase('warm-selection', 'pages kept, selection new', otherSelection);
export const warmText: BenchCase = warmCase('warm-text', 'pages kept, text of the operation new', otherText);
