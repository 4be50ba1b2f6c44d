import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startTestGateway } from './support/gateway.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const block = (language: string): string => {
  const found = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readme)?.[1];
  if (found === undefined) throw new Error(`The README has no block of ${language}.`);
  return found;
};

test('the README’s query has the README’s answer', async () => {
  await using gateway = await startTestGateway();
  expect(await gateway.ask(block('graphql'))).toEqual(JSON.parse(block('json')));
});

test('the README’s REST request finds the same image', async () => {
  await using gateway = await startTestGateway({ env: { IMS_ENDPOINT: '' } });
  const url = /http:\/\/localhost:4000(\/v1[^']+)/.exec(readme)?.[1] ?? '';
  const response = await fetch(new URL(url, gateway.url), { headers: { 'x-auth-token': 'demo' } });
  const { images } = await response.json();
  expect(images.map((image: any) => image.id)).toEqual([JSON.parse(block('json')).data.images.edges[0].node.id]);
});
