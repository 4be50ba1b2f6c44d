import { expect, test } from 'vitest';
import { answer, reset } from '../support/fault-server.ts';
import { firstPage, startFaultyGateway } from '../support/faulty-gateway.ts';

const shapes: readonly (readonly [title: string, body: unknown, code?: string, message?: string])[] = [
  ['IMS', { error: { code: 'IMG.0024', message: 'said' } }, 'IMG.0024', 'said'],
  ['IMS, newer', { error_code: 'IMG.0001', error_msg: 'said' }, 'IMG.0001', 'said'],
  ['API gateway', { error_code: 'APIGW.0601', error_msg: 'said', request_id: 'r' }, 'APIGW.0601', 'said'],
  ['IAM', { error: { code: 401, message: 'said', title: 'Unauthorized' } }, '401', 'said'],
  ['Glance', { code: '400 Bad Request', message: 'said', title: 'Bad Request' }, '400 Bad Request', 'said'],
  ['HTML', '<html><body>said</body></html>'],
  ['nothing', ''],
];

const codes: readonly (readonly [status: number, code: string])[] = [
  [400, 'UPSTREAM_BAD_REQUEST'],
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'UPSTREAM_NOT_FOUND'],
  [429, 'UPSTREAM_THROTTLED'],
  [500, 'UPSTREAM_UNAVAILABLE'],
  [502, 'UPSTREAM_UNAVAILABLE'],
  [503, 'UPSTREAM_UNAVAILABLE'],
  [504, 'UPSTREAM_TIMEOUT'],
];

test.each(codes)('status %i is %s in every form that an error can have, for one request each', async (status, code) => {
  await using gateway = await startFaultyGateway({ IMS_BREAKER_OPEN_MS: '0' });
  for (const [i, [, body, upstreamCode, message]] of shapes.entries()) {
    gateway.upstream.next(answer(status, body));
    const { data, errors } = await gateway.askFirst(i + 1);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code, upstream: { status } } }]);
    const said = errors?.[0]?.extensions?.['upstream'] as { readonly code?: string; readonly message?: string };
    expect([said.code, said.message]).toEqual([upstreamCode, message]);
    expect(gateway.upstream.requests).toHaveLength(i + 1);
  }
  expect(await gateway.askFirst(50)).toEqual(firstPage);
});

test('JSON under another content type is read all the same', async () => {
  await using gateway = await startFaultyGateway();
  gateway.upstream.next(answer(200, { images: [{ id: 'image-1' }] }, { 'Content-Type': 'text/html' }));
  expect(await gateway.askFirst()).toEqual(firstPage);
  expect(gateway.upstream.requests).toHaveLength(1);
});

test('more rows than were asked for: the page has the size that the client asked for, and a next page', async () => {
  await using gateway = await startFaultyGateway();
  const images = Array.from({ length: 500 }, (_, i) => ({ id: `image-${i}` }));
  gateway.upstream.next(answer(200, { images }));
  const page = '{ images(first: 3) { edges { node { id } } pageInfo { hasNextPage } } }';
  expect(await gateway.ask(page)).toEqual({
    data: {
      images: {
        edges: ['image-0', 'image-1', 'image-2'].map((id) => ({ node: { id } })),
        pageInfo: { hasNextPage: true },
      },
    },
  });
  expect(gateway.upstream.requests).toHaveLength(1);
});

test('rows that a filter should not find are shown: what it finds is for upstream to decide', async () => {
  await using gateway = await startFaultyGateway();
  gateway.upstream.next(answer(200, { images: [{ id: 'image-1', name: 'Another Name' }] }));
  const { data, errors } = await gateway.ask('{ images(filter: { name: "a name" }) { edges { node { name } } } }');
  expect(errors).toBeUndefined();
  expect(data).toEqual({ images: { edges: [{ node: { name: 'Another Name' } }] } });
});

test('a wall clock that jumps by years changes nothing: what is kept stays fresh, and the next question is answered', async () => {
  const clock = { wallMs: Date.UTC(2026, 0, 1), ms: 1000 };
  await using gateway = await startFaultyGateway({}, { wallNow: () => clock.wallMs, now: () => clock.ms });
  expect(await gateway.askFirst()).toEqual(firstPage);
  for (const year of [1990, 2099, 2026]) {
    clock.wallMs = Date.UTC(year, 5, 1);
    expect(await gateway.askFirst()).toEqual(firstPage);
  }
  expect(gateway.upstream.requests).toHaveLength(1);
  expect(await gateway.askFirst(2)).toEqual(firstPage);
  expect(gateway.upstream.requests).toHaveLength(2);
});

test('a machine that slept for days asks anew, and shows nothing that is days old', async () => {
  const clock = { ms: 1000 };
  await using gateway = await startFaultyGateway({}, { now: () => clock.ms });
  expect(await gateway.askFirst()).toEqual(firstPage);
  clock.ms += 3 * 86_400_000;
  gateway.upstream.next(reset());
  expect(await gateway.askFirst()).toMatchObject({
    data: null,
    errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
  });
  expect(await gateway.askFirst()).toEqual(firstPage);
  expect(gateway.upstream.requests).toHaveLength(3);
});
