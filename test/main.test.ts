import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';

const main = new URL('../src/main.ts', import.meta.url).pathname;

/** The process as `npm start` starts it; `said` grows with what it prints. */
function start(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], ...env } });
  const run = { child, said: '', ended: once(child, 'exit') };
  child.stdout.on('data', (part) => (run.said += part));
  child.stderr.on('data', (part) => (run.said += part));
  return run;
}

const printed = async (run: ReturnType<typeof start>, text: RegExp): Promise<string> => {
  while (!text.test(run.said)) await Promise.race([once(run.child.stdout, 'data'), run.ended]);
  return text.exec(run.said)?.[1] ?? '';
};

test('it says where GraphiQL is and what is upstream, answers there, and ends in peace on SIGTERM', async () => {
  const run = start({ PORT: '0' });
  const url = await printed(run, /GraphiQL {2}(\S+)\n/);
  await printed(run, /(Upstream .*)\n/);
  expect(run.said).toContain('Upstream  embedded image service over its sample catalogue');

  const body = JSON.stringify({ query: '{ images(first: 1) { edges { node { name } } } }' });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(await response.json()).toMatchObject({ data: { images: { edges: [{}] } } });

  run.child.kill('SIGTERM');
  expect(await run.ended).toEqual([0, null]);
});

test('SIGTERM ends it also while a connection is open that never asked for anything', async () => {
  const run = start({ PORT: '0' });
  const { hostname, port } = new URL(await printed(run, /GraphiQL {2}(\S+)\n/));
  const silent = connect(Number(port), hostname);
  await once(silent, 'connect');
  // The server has taken the connection when it answers one that came later.
  await fetch(`http://${hostname}:${port}/health/live`);

  run.child.kill('SIGTERM');
  expect(await run.ended).toEqual([0, null]);
  silent.destroy();
});

test('it runs over made-up images too', async () => {
  const run = start({ PORT: '0', EMBEDDED_IMAGES: '1000' });
  await printed(run, /(Upstream .*)\n/);
  expect(run.said).toContain('Upstream  embedded image service over 1000 made-up images');
  run.child.kill('SIGTERM');
  await run.ended;
});

test('what one start has compiled, the next one does not compile again', async () => {
  const first = start({ PORT: '0' });
  await printed(first, /(Upstream .*)\n/);
  first.child.kill('SIGTERM');
  await first.ended;

  const second = start({ PORT: '0', NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
  await printed(second, /(Upstream .*)\n/);
  second.child.kill('SIGTERM');
  await second.ended;
  expect(second.said).toMatch(/code cache for ESM \S+\/src\/gateway\.ts was accepted/);
  expect(second.said).toMatch(/code cache for ESM \S+\/graphql-yoga\/esm\/server\.js was accepted/);
  expect(second.said).not.toMatch(/was rejected/);
});

test('a configuration that cannot be used ends it with every mistake and no stack', async () => {
  const run = start({ PORT: 'x', GRAPHIQL: 'maybe' });
  expect(await run.ended).toEqual([1, null]);
  expect(run.said.trim().split('\n')).toEqual([
    'The configuration cannot be used:',
    '  PORT: expected a whole number from 0 to 65535, but received "x"',
    '  GRAPHIQL: expected one of on, off, but received "maybe"',
  ]);
});

test('an address that is taken ends it with one line', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const run = start({ PORT: String(port) });
  expect(await run.ended).toEqual([1, null]);
  expect(run.said.trim()).toBe(
    `HOST and PORT: expected an address to listen on, but: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
  );
  other.close();
});
