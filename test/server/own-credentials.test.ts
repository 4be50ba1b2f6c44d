import { expect, test } from 'vitest';
import { startTestGateway, type TestGatewayOptions } from '../support/gateway.ts';

const projectB = 'f9c50af31d90d014734ecdb2dc58c042';
const HOUR = 3_600_000;

const ownersOf = (answer: { readonly data?: any }) =>
  new Set(answer.data.images.edges.map((edge: any) => edge.node.owner));
const owned = (name = '') => `{ images(first: 100, filter: { type: PRIVATE ${name} }) { edges { node { owner } } } }`;

const accessKey = { IMS_ACCESS_KEY: 'demo-b', IMS_SECRET_KEY: 'demo-b-secret' };
const iamUser = (url: string) => ({
  IMS_ENDPOINT: url,
  IAM_ENDPOINT: url,
  IAM_DOMAIN_NAME: 'demo-b',
  IAM_USER_NAME: 'demo-b',
  IAM_USER_PASSWORD: 'demo-b-password',
  IAM_PROJECT_NAME: 'embedded-1',
});

const kinds: readonly (TestGatewayOptions & { readonly title: string })[] = [
  { title: 'a token', env: { IMS_AUTH_TOKEN: 'demo-b' } },
  { title: 'an access key', env: accessKey },
  { title: 'an access key and its project', env: { ...accessKey, IMS_PROJECT_ID: projectB } },
  { title: 'an IAM user', env: iamUser },
];

test.for(kinds)(
  'with $title of its own the gateway asks as itself, and all callers share what is kept',
  async ({ env }) => {
    await using gateway = await startTestGateway({ env: env ?? {} });
    for (const headers of [{ 'x-auth-token': 'demo' }, { 'x-auth-token': '' }, { authorization: 'Bearer demo-c' }]) {
      expect(ownersOf(await gateway.ask(owned(), {}, { headers }))).toEqual(new Set([projectB]));
    }
    expect(gateway.takeRequests()).toHaveLength(1);
  },
);

test('signatures hold for queries of every sort: repeated by page, out of order, empty-looking, not of this alphabet', async () => {
  await using gateway = await startTestGateway({ env: accessKey });
  const page = await gateway.ask('{ images(first: 2, orderBy: { field: NAME }) { pageInfo { endCursor } } }');
  const after = page.data.images.pageInfo.endCursor;
  const filters = [
    '',
    `after: "${after}", orderBy: { field: NAME },`,
    'filter: { name: "映像 (&=?!#%.*)+~\'" },',
    'filter: { properties: [{ name: "hw_a1", value: "2" }, { name: "hw_a", value: "1" }] },',
    'filter: { tags: [{ key: "env", value: "prod=1" }] },',
  ];
  for (const filter of filters) {
    const answer = await gateway.ask(`{ images(${filter} first: 3) { edges { node { id } } } }`);
    expect(answer.errors, filter).toBeUndefined();
  }
  expect(gateway.takeRequests()).toHaveLength(1 + filters.length);
});

test('a gateway whose clock is wrong by an hour is refused, and the cloud does not lock its key', async () => {
  await using gateway = await startTestGateway({ env: accessKey, wallNow: () => Date.now() - HOUR });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, number) => gateway.ask(`{ images(first: ${number + 1}) { edges { cursor } } }`)),
  );
  for (const { errors } of answers) expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(gateway.takeRequests()).toHaveLength(4);
});

test('a token that ends early by the cloud’s clock is renewed once, and what the repeated request cost is told', async () => {
  let wallMs = Date.now();
  await using gateway = await startTestGateway({ env: iamUser, imsWallNow: () => wallMs });
  await gateway.ask(owned());
  wallMs += 25 * HOUR;
  const answer = await gateway.askWhole(owned('name: "none"'));
  expect(answer.errors).toBeUndefined();
  expect(answer.extensions).toMatchObject({ upstream: { requests: 2 } });
  expect(gateway.takeRequests()).toHaveLength(3);
  expect(gateway.tokenRequests).toBe(2);
});

test('IAM is served on the gateway’s own port too, and its tokens are taken there', async () => {
  await using gateway = await startTestGateway({ env: { IMS_ENDPOINT: '' } });
  const body = {
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'demo-b', password: 'demo-b-password', domain: { name: 'demo-b' } } },
      },
      scope: { project: { name: 'embedded-1' } },
    },
  };
  const issued = await fetch(new URL('/v3/auth/tokens', gateway.url), { method: 'POST', body: JSON.stringify(body) });
  expect(issued.status).toBe(201);
  const token = issued.headers.get('x-subject-token') ?? '';
  expect(ownersOf(await gateway.ask(owned(), {}, { headers: { 'x-auth-token': token } }))).toEqual(new Set([projectB]));
});
