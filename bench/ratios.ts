import type { Column, Demand, Detail } from './case.ts';
import type { ContestResult, Round } from './contest.ts';
import type { Contestant } from './contestants.ts';
import { medianOf, ratiosOf, type Spread, spreadOf } from './statistics.ts';

/** A median with its spread. */
export const showSpread = ({ median, least, most }: Spread, digits = 2): string =>
  `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;

/** The load by which contestants are compared. */
const FULL = 'full';

const roundsOf = ({ rounds }: ContestResult, who: Contestant, load: string): readonly Round[] =>
  rounds.get(who)?.flatMap((round) => round[load] ?? []) ?? [];

const speedsOf = (result: ContestResult, who: Contestant): number[] =>
  roundsOf(result, who, FULL).map((one) => one.requestsPerSecond);

const hasErrors = (rounds: readonly Round[]): boolean => rounds.some(({ errors }) => errors > 0);

/** Requests per second of each contestant, as ratios to one of them. */
export function ratioColumn(title: string, result: ContestResult, to: Contestant): Column {
  const limit = speedsOf(result, to);
  const cells = [...result.rounds.keys()].map((contestant) => {
    const mark = hasErrors(roundsOf(result, contestant, FULL)) ? ' ⚠' : '';
    return [contestant.title, showSpread(spreadOf(ratiosOf(speedsOf(result, contestant), limit))) + mark] as const;
  });
  return { title, cells: new Map(limit.length === 0 ? [] : cells) };
}

/** That one contestant is so many times as fast as another; nothing where one of the two did not run. */
export function demandRatio(result: ContestResult, who: Contestant, than: Contestant, least: number): Demand[] {
  const [ours, theirs] = [speedsOf(result, who), speedsOf(result, than)];
  if (ours.length === 0 || theirs.length === 0) return [];
  const spread = spreadOf(ratiosOf(ours, theirs));
  const isVoid = [who, than].some((one) => hasErrors(roundsOf(result, one, FULL)));
  return [
    {
      demand: `at least ${least} × ${than.name.replaceAll('-', ' ')}`,
      measured: isVoid ? 'void: errors under load' : showSpread(spread),
      isMet: !isVoid && spread.median >= least,
    },
  ];
}

/** How much longer a contestant's median latency is than another's under a load; null where one of the two did not run. */
export function addedLatency(result: ContestResult, who: Contestant, than: Contestant, load: string) {
  const [ours, theirs] = [roundsOf(result, who, load), roundsOf(result, than, load)];
  if (ours.length === 0 || theirs.length === 0) return null;
  if (hasErrors([...ours, ...theirs])) return { medianMs: Number.NaN, shown: 'void: errors under load' };
  const spread = spreadOf(ours.map(({ p50Ms }, round) => p50Ms - (theirs[round]?.p50Ms ?? Number.NaN)));
  return { medianMs: spread.median, shown: `${showSpread(spread)} ms` };
}

/** The absolute numbers behind the ratios. */
export function detailOf(title: string, result: ContestResult): Detail {
  const head = [
    '',
    'load',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'server busy',
    'image service busy',
    'load busy',
    'errors',
  ];
  const rows = [...result.rounds].flatMap(([who, rounds]) =>
    Object.keys(rounds[0] ?? {}).map((load) => {
      const measured = roundsOf(result, who, load);
      const median = (value: (round: Round) => number) => medianOf(measured.map(value));
      const share = (value: (round: Round) => number) => `${(median(value) * 100).toFixed(0)} %`;
      return [
        who.title,
        load,
        median((one) => one.requestsPerSecond).toFixed(0),
        median((one) => one.p50Ms).toFixed(2),
        median((one) => one.p99Ms).toFixed(2),
        share((one) => one.serverBusy),
        share((one) => one.upstreamBusy),
        share((one) => one.loadBusy),
        String(measured.reduce((sum, one) => sum + one.errors, 0)),
      ];
    }),
  );
  return { title, rows: [head, ...rows] };
}
