import { expect, test } from 'vitest';
import { imagesOf, startEmbedded } from './harness.ts';

const DAY = 24 * 3_600_000;
const project = 'f9c50af31d90d014734ecdb2dc58c042';

const identityOf = (name: string, password: string, domain = name) => ({
  methods: ['password'],
  password: { user: { name, password, domain: { name: domain } } },
});
const request = (identity: unknown, scope: unknown = { project: { name: 'embedded-1' } }) => ({
  auth: { identity, scope },
});
const demoB = identityOf('demo-b', 'demo-b-password');

async function start() {
  const clock = { ms: Date.UTC(2026, 10, 24, 8, 30) };
  const embedded = await startEmbedded({ wallNow: () => clock.ms });
  const post = (body: unknown, path = '/v3/auth/tokens?nocatalog=true') =>
    fetch(embedded.url + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { ...embedded, clock, post };
}

test('a user gets a token for the project, in the form of Keystone, and lists images with it until it ends', async () => {
  const { post, get, clock } = await start();
  const response = await post(request(demoB));
  expect(response.status).toBe(201);
  expect(response.headers.get('x-iam-trace-id')).toMatch(/^[\w-]{36}$/);
  expect(await response.json()).toEqual({
    token: {
      issued_at: '2026-11-24T08:30:00.000000Z',
      expires_at: '2026-11-25T08:30:00.000000Z',
      methods: ['password'],
      project: { id: project, name: 'embedded-1', domain: { id: 'demo-b', name: 'demo-b' } },
      user: {
        id: 'demo-b',
        name: 'demo-b',
        domain: { id: 'demo-b', name: 'demo-b' },
        password_expires_at: '',
      },
      roles: [{ id: '0', name: 'ims_readonly' }],
    },
  });

  const token = response.headers.get('x-subject-token') ?? '';
  const list = () => get('/v2/cloudimages?__imagetype=private', token);
  clock.ms += DAY - 1;
  const owners = imagesOf(await (await list()).json()).map(({ owner }) => owner);
  expect(new Set(owners)).toEqual(new Set([project]));

  clock.ms += 1;
  const outdated = await list();
  expect(outdated.status).toBe(401);
  expect(await outdated.json()).toEqual({
    error_code: 'APIGW.0307',
    error_msg: 'The token must be updated',
    request_id: outdated.headers.get('x-request-id'),
  });
});

test('a token that was changed, and one of another server, are unknown', async () => {
  const [one, other] = [await start(), await start()];
  const token = (await one.post(request(demoB))).headers.get('x-subject-token') ?? '';
  const [content = '', seal = ''] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ name: 'demo', endsAtMs: 1e15 })).toString('base64url');
  for (const bad of [`${forged}.${seal}`, content, `${token}.x`, '.', 'e30']) {
    expect((await one.get('/v2/cloudimages', bad)).status).toBe(401);
  }
  const refusal = await other.get('/v2/cloudimages', token);
  expect(refusal.status).toBe(401);
  expect(await refusal.json()).toMatchObject({ error_code: 'APIGW.0301' });
});

test('the project may be named by its id; the catalogue is there unless it is unwanted', async () => {
  const { post } = await start();
  const response = await post(request(demoB, { project: { id: project } }), '/v3/auth/tokens');
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({ token: { project: { id: project }, catalog: [] } });
});

test('a user who may not list images gets a token all the same', async () => {
  const { post, get } = await start();
  const response = await post(request(identityOf('demo-forbidden', 'demo-forbidden-password')));
  expect(response.status).toBe(201);
  expect((await get('/v2/cloudimages', response.headers.get('x-subject-token'))).status).toBe(403);
});

const wrong = 'The username or password is wrong.';
const scopeExpected = 'Expected a project as auth.scope, as the image service is a service of projects.';

test.for([
  ['a wrong password', request(identityOf('demo-b', 'demo')), 401, wrong],
  ['another account', request(identityOf('demo-b', 'demo-b-password', 'demo')), 401, wrong],
  ['an unknown user', request(identityOf('root', 'root-password')), 401, wrong],
  ['a project of others', request(demoB, { project: { id: 'else' } }), 401, 'The user has no access to the project.'],
  ['a domain as scope', request(demoB, { domain: { name: 'demo-b' } }), 400, scopeExpected],
  ['no scope', { auth: { identity: demoB } }, 400, scopeExpected],
  [
    'another method',
    request({ methods: ['token'] }),
    400,
    'Expected another value at "auth.identity.methods.0" of the body.',
  ],
  ['no JSON', 'auth', 400, 'Expected another value at "" of the body.'],
] as const)('%s is refused as Keystone refuses', async ([, body, status, message]) => {
  const { post } = await start();
  const response = await post(body);
  expect(response.status).toBe(status);
  expect(response.headers.has('x-subject-token')).toBe(false);
  const title = status === 401 ? 'Unauthorized' : 'Bad Request';
  expect(await response.json()).toEqual({ error: { code: status, message, title } });
});

test('a GET finds nothing, and a body without end is not read', async () => {
  const { post, get } = await start();
  expect((await get('/v3/auth/tokens')).status).toBe(404);
  await expect(post('x'.repeat(1_000_000))).rejects.toThrow();
  expect((await post(request(demoB))).status).toBe(201);
});
