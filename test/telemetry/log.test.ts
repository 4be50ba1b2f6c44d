import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLog } from '../../src/telemetry/log.ts';
import { answer, hang } from '../support/fault-server.ts';
import { startFaultyGateway, TOKEN } from '../support/faulty-gateway.ts';
import { startTestGateway } from '../support/gateway.ts';

const linesOf = (log: readonly Record<string, any>[], msg: string) => log.filter((line) => line['msg'] === msg);

test('a GraphQL request is one line', async () => {
  await using gateway = await startTestGateway();
  await gateway.ask(
    'query Newest { images(first: 1) { edges { cursor } } }',
    {},
    { headers: { 'x-request-id': 'r-1' } },
  );
  expect(linesOf(gateway.log, 'request answered')).toEqual([
    {
      level: 'info',
      kind: 'answered',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      requestId: 'r-1',
      operationName: 'Newest',
      operationType: 'query',
      status: 200,
      codes: [],
      caller: expect.stringMatching(/^[\w-]{8}$/),
      upstreamRequests: 1,
      rendered: false,
      durationMs: expect.any(Number),
      msg: 'request answered',
    },
  ]);
});

test('each caller has a name of its own in the log, that is no part of its token', async () => {
  await using gateway = await startTestGateway();
  for (const token of ['demo', 'demo-b', 'demo']) {
    await gateway.ask('{ images(first: 1) { edges { cursor } } }', {}, { headers: { 'x-auth-token': token } });
  }
  const [a, b, again] = linesOf(gateway.log, 'request answered').map(({ caller }) => caller);
  expect(a).toBe(again);
  expect(a).not.toBe(b);
});

test('every code in an answer is told once; what was never executed has no operation', async () => {
  await using gateway = await startTestGateway();
  await gateway.ask('{ a: images(first: 0) { edges { cursor } } b: images(last: 0) { edges { cursor } } }');
  await gateway.ask('query Wrong { nothing }');
  expect(linesOf(gateway.log, 'request answered')).toMatchObject([
    { codes: ['BAD_USER_INPUT'], operationName: null, operationType: 'query', upstreamRequests: 0 },
    { codes: ['GRAPHQL_VALIDATION_FAILED'], operationName: null, operationType: null },
  ]);
});

test('a client that leaves is told of', async () => {
  await using faulty = await startFaultyGateway();
  faulty.upstream.next(hang);
  const controller = new AbortController();
  const asked = faulty.askFirst(1, controller.signal).catch(() => 'left');
  const { closed } = await faulty.upstream.arrival(0);
  controller.abort();
  await asked;
  await closed;
  expect(linesOf(faulty.gateway.log, 'request answered')).toMatchObject([{ status: null }]);
});

test('a failed upstream request is a warning, a caller’s own fault is none', async () => {
  await using faulty = await startFaultyGateway();
  faulty.upstream.next(answer(403, {}, { 'X-Request-Id': 'up-1' }));
  await faulty.askFirst(1);
  faulty.upstream.next(answer(500, {}, { 'X-Request-Id': 'up-2' }));
  await faulty.askFirst(2);
  expect(linesOf(faulty.gateway.log, 'upstream attempt').slice(0, 2)).toMatchObject([
    { level: 'info', outcome: 'FORBIDDEN', status: 403, upstreamRequestId: 'up-1' },
    { level: 'warn', outcome: 'UPSTREAM_UNAVAILABLE', status: 500, upstreamRequestId: 'up-2' },
  ]);
});

test('data is written as pino writes it', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => lines.push(line) }, wallNow: () => 1234.5 });
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]\w*$/), fc.jsonValue(), { minKeys: 1 }), (data) => {
      lines.length = 0;
      log.info(data, 'something');
      log.writeData('info', data, 'something');
      log.writeData('debug', data, 'something');
      expect(lines).toHaveLength(2);
      expect(lines[1]).toBe(lines[0]);
    }),
  );
});

test('a mistake of ours is logged with its stack, and without what could be a credential', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => lines.push(line) }, wallNow: () => 0 });
  const token = `${TOKEN}${TOKEN}`;
  log.error({ err: new TypeError(`cannot read ${token}`) }, 'unexpected error');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'error',
    time: '1970-01-01T00:00:00.000Z',
    err: { type: 'TypeError', message: 'cannot read [hidden]', stack: expect.stringContaining('log.test.ts') },
    msg: 'unexpected error',
  });
  expect(lines.join()).not.toContain(TOKEN);
});
