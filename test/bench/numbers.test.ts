import { expect, test } from 'vitest';
import { costsByFunction, costsByPart } from '../../bench/cpu-profile.ts';
import { ratiosOf, spreadOf } from '../../bench/statistics.ts';

const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 });

test('a spread tells the middle round and the two outermost', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, most: 4 });
});

test('ratios are taken round by round', () => {
  expect(ratiosOf([10, 5], [20, 5])).toEqual([0.5, 1]);
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
