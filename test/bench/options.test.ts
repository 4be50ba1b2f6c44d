import { expect, test } from 'vitest';
import { readOptions } from '../../bench/options.ts';

const known = { cases: ['hot', 'cold', 'start'], quickCases: ['hot'], contestants: ['yoga', 'mercurius'] };

test('a run has all cases, a quick one some of them, and either those that are named', () => {
  expect(readOptions([], known)).toMatchObject({
    cases: known.cases,
    rounds: 9,
    starts: 3,
    connections: 32,
    first: null,
  });
  expect(readOptions(['--quick'], known)).toMatchObject({ cases: ['hot'], rounds: 3, starts: 1 });
  expect(readOptions(['--quick', '--case', 'start,cold'], known)).toMatchObject({ cases: ['cold', 'start'] });
});

test('help names every case and every contestant', () => {
  const usage = readOptions(['--help'], known);
  expect(usage).toEqual(expect.stringContaining('hot, cold, start'));
  expect(usage).toEqual(expect.stringContaining('yoga, mercurius'));
});

test('what cannot be used is named, with what could be', () => {
  expect(() => readOptions(['--case', 'hott'], known)).toThrow('expected some of hot, cold, start, but received hott');
  expect(() => readOptions(['--first', '0'], known)).toThrow(
    '--first: expected a whole number from 1 on, but received 0',
  );
  expect(() => readOptions(['--frist', '5'], known)).toThrow('--first 100');
});
