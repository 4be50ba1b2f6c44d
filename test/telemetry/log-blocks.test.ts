import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogBlocks } from '../../src/telemetry/log-blocks.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function startBlocks() {
  const written: string[] = [];
  const blocks = createLogBlocks({ write: (block) => written.push(block), characters: 10, everyMs: 100 });
  return { written, blocks };
}

test('lines wait until they make a block, and none is lost or torn', () => {
  const { written, blocks } = startBlocks();
  for (const line of ['one\n', 'two\n']) blocks.write(line);
  expect(written).toEqual([]);
  blocks.write('three\n');
  blocks.write('four\n');
  expect(written).toEqual(['one\ntwo\nthree\n']);
});

test('no line waits longer than it may, and an empty block is not written', () => {
  const { written, blocks } = startBlocks();
  blocks.write('one\n');
  vi.advanceTimersByTime(99);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(written).toEqual(['one\n']);
  vi.advanceTimersByTime(1000);
  expect(written).toEqual(['one\n']);
});

test('what is left is written when the process ends', () => {
  const { written, blocks } = startBlocks();
  blocks.write('one\n');
  blocks.flush();
  blocks.flush();
  expect(written).toEqual(['one\n']);
});
