import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from './support/gateway.ts';

const folder = new URL('../examples/operations/', import.meta.url);
const files = readdirSync(folder);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

test.each(files)('%s finds something in the sample catalogue', async (file) => {
  const { data, errors } = await gateway.ask(readFileSync(new URL(file, folder), 'utf8'));
  expect(errors).toBeUndefined();
  expect(data.images?.edges ?? data.nodes).not.toEqual([]);
});
