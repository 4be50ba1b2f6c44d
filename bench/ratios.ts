import type { Column, Demand, Detail } from './case.ts';
import type { ContestResult, Round } from './contest.ts';
import type { Contestant } from './contestants.ts';
import { medianOf, ratiosOf, type Spread, spreadOf } from './statistics.ts';

/** A median with its spread. */
export const showSpread = ({ median, least, most }: Spread, digits = 2): string =>
  `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;

const speeds = (rounds: readonly Round[] | undefined): number[] => rounds?.map((one) => one.requestsPerSecond) ?? [];

/** Requests per second of each contestant under the load `full`, as ratios to one of them. */
export function ratioColumn(title: string, { rounds }: ContestResult, to: Contestant): Column {
  const limit = speeds(rounds.get(to)?.['full']);
  const cells = [...rounds].map(([contestant, { full }]) => {
    const hasErrors = full?.some(({ errors }) => errors > 0) ? ' ⚠' : '';
    return [contestant.title, showSpread(spreadOf(ratiosOf(speeds(full), limit))) + hasErrors] as const;
  });
  return { title, cells: new Map(limit.length === 0 ? [] : cells) };
}

/** That one contestant is so many times as fast as another; nothing where one of the two did not run. */
export function demandRatio({ rounds }: ContestResult, who: Contestant, than: Contestant, least: number): Demand[] {
  const [ours, theirs] = [speeds(rounds.get(who)?.['full']), speeds(rounds.get(than)?.['full'])];
  if (ours.length === 0 || theirs.length === 0) return [];
  const spread = spreadOf(ratiosOf(ours, theirs));
  const name = than.name.replaceAll('-', ' ');
  return [{ demand: `at least ${least} × ${name}`, measured: showSpread(spread), isMet: spread.median >= least }];
}

/** How many milliseconds more than another's a contestant's median latency is under a load. */
export function addedLatencies({ rounds }: ContestResult, who: Contestant, than: Contestant, load: string): number[] {
  const theirs = rounds.get(than)?.[load] ?? [];
  return (rounds.get(who)?.[load] ?? []).slice(0, theirs.length).map((one, i) => one.p50Ms - (theirs[i]?.p50Ms ?? 0));
}

/** The absolute numbers behind the ratios. */
export function detailOf(title: string, { rounds }: ContestResult): Detail {
  const head = [
    '',
    'at once',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'server busy',
    'image service busy',
    'load busy',
    'errors',
  ];
  const rows = [...rounds].flatMap(([{ title: who }, loads]) =>
    Object.entries(loads).map(([load, measured]) => {
      const of = (value: (round: Round) => number) => medianOf(measured.map(value));
      return [
        who,
        load,
        of((one) => one.requestsPerSecond).toFixed(0),
        of((one) => one.p50Ms).toFixed(2),
        of((one) => one.p99Ms).toFixed(2),
        ...[(one: Round) => one.serverBusy, (one: Round) => one.upstreamBusy, (one: Round) => one.loadBusy].map(
          (busy) => `${(of(busy) * 100).toFixed(0)} %`,
        ),
        String(measured.reduce((sum, one) => sum + one.errors, 0)),
      ];
    }),
  );
  return { title, rows: [head, ...rows] };
}
