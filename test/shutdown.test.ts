import { Agent, type IncomingMessage, request } from 'node:http';
import { expect, test } from 'vitest';
import { answer, type Reaction, startFaultServer } from './support/fault-server.ts';
import { startProcess } from './support/process.ts';
import { openConnection } from './support/raw-connection.ts';

const slow: Reaction = (socket, target) => {
  setTimeout(() => socket.writable && answer(200, { images: [{ id: 'image-1' }] })(socket, target), 80);
};

interface Outcome {
  readonly id: string;
  /** Whether the connection had carried a request before. */
  readonly reused: boolean;
  readonly status: number | null;
  readonly body: string;
  /** What the answer says of the connection. */
  readonly connection: string | undefined;
  readonly failure: string | null;
}

/** One request, whose id is its question too, so that each one reaches upstream. */
function ask(url: string, agent: Agent | false, id: string): Promise<Outcome> {
  const headers = { 'content-type': 'application/json', 'x-auth-token': 'caller', 'x-request-id': id };
  const asked = request(url, { method: 'POST', agent, headers });
  const outcome = { id, status: null, body: '', connection: undefined, failure: null };
  asked.end(JSON.stringify({ query: `{ images(first: 1, filter: { name: "${id}" }) { edges { node { id } } } }` }));
  return new Promise((resolve) => {
    const fail = (error: Error & { readonly code?: string }) =>
      resolve({ ...outcome, reused: asked.reusedSocket, failure: error.code ?? error.message });
    asked.on('error', fail);
    asked.on('response', (response: IncomingMessage) => {
      response.on('error', fail);
      void response.toArray().then((parts) =>
        resolve({
          ...outcome,
          reused: asked.reusedSocket,
          status: response.statusCode ?? null,
          body: parts.join(''),
          connection: response.headers.connection,
        }),
      );
    });
  });
}

test('SIGTERM under load: every request that arrived is answered whole, kept-alive connections are told to close, new ones are refused', async () => {
  await using upstream = await startFaultServer();
  upstream.next(...Array.from({ length: 20_000 }, () => slow));
  const run = startProcess({ PORT: '0', IMS_ENDPOINT: upstream.url, CACHE_FRESH_MS: '0', IMS_CONNECTIONS: '20' });
  const url = await run.printed(/GraphiQL {2}(\S+)\n/);

  const outcomes: Outcome[] = [];
  const enough = Promise.withResolvers<void>();
  const work = async (name: string, agent: Agent | false) => {
    for (let n = 0; ; n += 1) {
      const outcome = await ask(url, agent, `${name}-${n}`);
      outcomes.push(outcome);
      if (outcomes.length === 300) enough.resolve();
      if (outcome.failure !== null) return;
    }
  };
  const agents = Array.from({ length: 20 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const load = [
    ...agents.map((agent, i) => work(`kept-${i}`, agent)),
    ...Array.from({ length: 20 }, (_, i) => work(`fresh-${i}`, false)),
  ];
  await enough.promise;
  run.child.kill('SIGTERM');
  expect(await run.ended).toEqual([0, null]);
  await Promise.all(load);
  for (const agent of agents) agent.destroy();

  const answered = outcomes.filter(({ failure }) => failure === null);
  const failed = outcomes.filter(({ failure }) => failure !== null);
  expect(answered.filter(({ status, body }) => status !== 200 || !body.includes('"image-1"'))).toEqual([]);

  // What reached upstream or was logged was answered, and so was all that was sent over a connection in use.
  const ids = new Set(answered.map(({ id }) => id));
  expect(upstream.requests.map(({ headers }) => headers['x-request-id'] ?? '').filter((id) => !ids.has(id))).toEqual(
    [],
  );
  const logged = [...run.said.matchAll(/"requestId":"((?:kept|fresh)-\d+-\d+)"/g)].map(([, id = '']) => id);
  expect(logged.filter((id) => !ids.has(id))).toEqual([]);
  expect(failed.filter(({ reused }) => reused)).toEqual([]);
  expect(failed).toHaveLength(load.length);
  expect(new Set(failed.map(({ failure }) => failure))).toContain('ECONNREFUSED');

  // Each worker over a kept-alive connection was told to close it by its last answer.
  const kept = answered.filter(({ id }) => id.startsWith('kept-'));
  const last = new Map(kept.map((outcome) => [outcome.id.replace(/-\d+$/, ''), outcome.connection]));
  expect([...last.values()]).toEqual(agents.map(() => 'close'));
});

const post = (id: string): string => {
  const body = JSON.stringify({ query: '{ images(first: 1) { edges { node { id } } } }' });
  return [
    'POST /graphql HTTP/1.1',
    'Host: gateway',
    'Content-Type: application/json',
    'X-Auth-Token: caller',
    `X-Request-Id: ${id}`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
};

test('a request that comes over an idle connection after SIGTERM is answered, and its connection closed', async () => {
  await using upstream = await startFaultServer();
  const run = startProcess({ PORT: '0', IMS_ENDPOINT: upstream.url });
  const connection = await openConnection(await run.printed(/GraphiQL {2}(\S+)\n/));
  connection.socket.write(post('before'));
  await connection.arrived(/image-1/);
  expect(connection.received).not.toContain('Connection: close');

  run.child.kill('SIGTERM');
  await run.printed(/(closing)/);
  connection.socket.write(post('after'));
  await connection.closed;
  const [, second = ''] = connection.received.split(/(?<=\})(?=HTTP\/1\.1)/);
  expect(second).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(second.toLowerCase()).toContain('\r\nconnection: close\r\n');
  expect(second).toContain('"image-1"');
  expect(await run.ended).toEqual([0, null]);
});

test('with a delay, the gateway says that it stops and serves on until it is over', async () => {
  const run = startProcess({ PORT: '0', SHUTDOWN_DELAY_MS: '1500' });
  const url = await run.printed(/GraphiQL {2}(\S+)\n/);
  const headers = { connection: 'close' };
  expect((await fetch(new URL('/health/ready', url), { headers })).status).toBe(200);

  run.child.kill('SIGTERM');
  await run.printed(/(closing)/);
  const readiness = await fetch(new URL('/health/ready', url), { headers });
  expect([readiness.status, await readiness.json()]).toMatchObject([503, { status: 'stopping' }]);
  expect((await fetch(new URL('/health/live', url), { headers })).status).toBe(200);
  expect((await ask(url, false, 'late')).status).toBe(200);
  expect(await run.ended).toEqual([0, null]);
});

test('a second signal ends it at once', async () => {
  const run = startProcess({ PORT: '0', SHUTDOWN_DELAY_MS: '600000' });
  await run.printed(/(listening)/);
  run.child.kill('SIGTERM');
  await run.printed(/(closing)/);
  run.child.kill('SIGTERM');
  expect(await run.ended).toEqual([null, 'SIGTERM']);
});
