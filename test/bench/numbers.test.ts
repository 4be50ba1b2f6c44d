import { expect, test } from 'vitest';
import { costsByFunction, costsByPart } from '../../bench/cpu-profile.ts';
import { joinStarts } from '../../bench/contest.ts';
import { demandRatio } from '../../bench/ratios.ts';
import { gateway, mercurius } from '../../bench/contestants.ts';
import { isVoid, remarkOnOthers, remarksOn } from '../../bench/remarks.ts';
import { ratiosOf, spreadOf } from '../../bench/statistics.ts';
import { inTurns, roundsOfStarts } from '../../bench/turns.ts';

const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 });

test('a spread tells the middle round and the two outermost', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, most: 4 });
});

test('ratios are taken round by round', () => {
  expect(ratiosOf([10, 5], [20, 5])).toEqual([0.5, 1]);
});

const round = { requestsPerSecond: 10, p50Ms: 1, p99Ms: 2, maxMs: 3, errors: 0, loadBusy: 0.1, othersBusy: 0 };
const busy = { serverBusy: 1, upstreamBusy: 0 };

test('nobody always follows the same one, and everybody is measured once a round', async () => {
  const order: string[] = [];
  const results = await inTurns(['a', 'b', 'c'], [0, 1], async (one, number) => {
    order.push(one);
    return `${one}${number}`;
  });
  expect(order.join('')).toBe('abcbca');
  expect(results.get('c')).toEqual(['c0', 'c1']);
});

test('rounds are shared out among starts, in their order, and no start is without a round', () => {
  expect(roundsOfStarts(9, 3)).toEqual([
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
  ]);
  expect(roundsOfStarts(5, 2)).toEqual([
    [0, 1],
    [2, 3, 4],
  ]);
  expect(roundsOfStarts(1, 3)).toEqual([[0]]);
});

/** Of one start, with these errors; null for one who is left out. */
const resultOfBoth = (errors: readonly [ours: number, theirs: number | null]) => ({
  remarks: ['hot: as each time'],
  rounds: new Map(
    [gateway, mercurius].flatMap((one, at) => {
      const ofOne = errors[at];
      return ofOne == null ? [] : [[one, [{ full: { ...round, ...busy, errors: ofOne } }]] as const];
    }),
  ),
});

test('who is left out of one start has no rounds, and its errors of the others are told', () => {
  const whole = joinStarts('hot', [resultOfBoth([0, 0]), resultOfBoth([0, 0])]);
  expect([...whole.rounds].map(([{ name }, own]) => [name, own.length])).toEqual([
    ['gateway', 2],
    ['mercurius', 2],
  ]);
  expect(whole.remarks).toEqual(['hot: as each time']);
  const partial = joinStarts('hot', [resultOfBoth([0, 5]), resultOfBoth([0, null])]);
  expect([...partial.rounds.keys()]).toEqual([gateway]);
  expect(partial.remarks.filter(isVoid)).toHaveLength(1);
});

test('numbers with errors are void, and meet no demand however fast the errors were', () => {
  const resultOf = (errors: number) => ({
    remarks: [],
    rounds: new Map([
      [gateway, [{ full: { ...round, ...busy, requestsPerSecond: 900, errors } }]],
      [mercurius, [{ full: { ...round, ...busy } }]],
    ]),
  });
  expect(demandRatio(resultOf(0), gateway, mercurius, 2)).toMatchObject([{ isMet: true }]);
  expect(demandRatio(resultOf(1), gateway, mercurius, 2)).toMatchObject([
    { isMet: false, measured: 'void: errors under load' },
  ]);
  expect(remarksOn('hot: mercurius', [{ ...round, errors: 2 }]).filter(isVoid)).toHaveLength(1);
});

test('a load generator at its limit and a machine that is not quiet are told, and void nothing', () => {
  const remarks = [
    ...remarksOn('hot: yoga', [{ ...round, loadBusy: 0.99 }]),
    ...remarkOnOthers('hot', [round, { ...round, othersBusy: 0.5 }]),
  ];
  expect(remarks).toEqual([
    expect.stringContaining('at its own limit'),
    expect.stringContaining('in 1 of 2 measurements'),
  ]);
  expect(remarks.some(isVoid)).toBe(false);
  expect(remarkOnOthers('hot', [round])).toEqual([]);
});

test('self time is told by function and by package, without the time in which nothing was to do', () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('read', new URL('../../src/image/field.ts', import.meta.url).href) },
      { id: 2, callFrame: frame('parse', new URL('../../node_modules/@a/b/index.js', import.meta.url).href) },
      { id: 3, callFrame: frame('(idle)', '') },
      { id: 4, callFrame: frame('(garbage collector)', '') },
    ],
    samples: [1, 2, 3, 2, 4],
    timeDeltas: [20, 30, 900, 40, 10],
  };
  expect(costsByPart(profile)).toEqual([
    ['@a/b', 0.7],
    ['src/image', 0.2],
    ['(garbage collector)', 0.1],
  ]);
  expect(costsByFunction(profile)[1]).toEqual(['`read` src/image/field.ts:10', 0.2]);
});
