import { mergeConfig } from 'vitest/config';
import unit from '../vitest.config.ts';

export default mergeConfig(
  { ...unit, test: { ...unit.test, include: [], exclude: [] } },
  { test: { include: ['test/browser/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 60_000 } },
);
