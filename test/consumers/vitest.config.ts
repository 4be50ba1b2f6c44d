import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql ships two module formats, and vite would load the one that its other users do not.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: { include: ['*.test.ts'], testTimeout: 30_000 },
});
