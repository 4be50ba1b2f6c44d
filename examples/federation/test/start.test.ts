import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';

const start = new URL('../start.ts', import.meta.url).pathname;
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const block = (language: string): string => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readme)?.[1] ?? '';

const child = spawn(process.execPath, [start], {
  env: { PATH: process.env['PATH'], IMAGES_PORT: '0', SERVERS_PORT: '0', GATEWAY_PORT: '0' },
});
const ended = once(child, 'exit');
let said = '';
let urls: string[] = [];

beforeAll(async () => {
  child.stdout.on('data', (part) => (said += part));
  child.stderr.on('data', (part) => (said += part));
  while (!said.includes('Ctrl-C')) {
    const event = await Promise.race([once(child.stdout, 'data'), ended]);
    if (event.length === 2) throw new Error(said);
  }
  urls = said.match(/http\S+/g) ?? [];
}, 30_000);
afterAll(() => void child.kill('SIGKILL'));

test('the README’s query has the README’s answer', async () => {
  const response = await fetch(urls[2] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': 'demo' },
    body: JSON.stringify({ query: block('graphql') }),
  });
  expect(await response.json()).toEqual(JSON.parse(block('json')));
});

test('Ctrl-C stops all three', async () => {
  expect(urls).toHaveLength(3);
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed');
});
