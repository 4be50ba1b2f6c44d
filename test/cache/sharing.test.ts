import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cachePages, type PageCacheOptions } from '../../src/cache/page-cache.ts';
import { UpstreamError } from '../../src/image/errors.ts';
import { type Parameter, toImageQuery } from '../../src/image/query-string.ts';
import type { ImagePage, WireImage } from '../../src/image/source.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { fresh, requestWith } from '../support/recorded-source.ts';

const acceptedMs = 5000;
const [one, two] = [
  { key: 'one', token: 'token-1' },
  { key: 'two', token: 'token-2' },
];
const gold: Parameter = ['__imagetype', 'gold'];
const publicImage = (id: string): WireImage => ({ id, visibility: 'public', __imagetype: 'gold' });
const pageOf = (...images: readonly WireImage[]): ImagePage => ({ images, sizeBytes: 100, requests: 1 });

type Answer = ImagePage | Error;

/** A sharing cache over a source that answers as `give` says, on a clock that stands until told. */
function startCache(give: (question: string) => Answer, options: Partial<PageCacheOptions> = {}) {
  const clock = { ms: 1_000_000 };
  const asked: string[] = [];
  const cache = cachePages(
    {
      async list(query, caller) {
        const question = `${caller.key} ${query}`;
        asked.push(question);
        const answer = give(question);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    {
      maxBytes: 1_000_000,
      maxPages: 100,
      freshMs: 1000,
      revalidateMs: 1000,
      staleIfErrorMs: 20_000,
      sharing: { acceptedMs },
      now: () => clock.ms,
      observe: () => {},
      ...options,
    },
  );
  const list = (caller: typeof one, ...parameters: Parameter[]) =>
    cache.list(toImageQuery(parameters), caller, requestWith());
  /** Makes upstream accept the caller, by another question. */
  const accept = (caller: typeof one) => list(caller, ['name', `of ${caller.key} at ${clock.ms}`]);
  const askedFor = (part: string) => asked.filter((question) => question.includes(part));
  return { clock, asked, askedFor, list, accept };
}

const publicPage = () => pageOf(publicImage('public-1'), publicImage('public-2'));

test('a page of public images that one caller was given is given to another whom upstream knows', async () => {
  const { list, accept, askedFor } = startCache(publicPage);
  const page = await list(one, gold);
  await accept(two);
  expect(await list(two, gold)).toEqual(fresh(page));
  expect(askedFor('gold')).toEqual(['one __imagetype=gold']);
});

test('unless the operator switches it on, nothing is shared', async () => {
  const { list, accept, askedFor } = startCache(publicPage, { sharing: null });
  await list(one, gold);
  await accept(two);
  await list(two, gold);
  expect(askedFor('gold')).toEqual(['one __imagetype=gold', 'two __imagetype=gold']);
});

test('a caller whom upstream has not accepted yet, or not for long, is asked for itself', async () => {
  const { clock, list, accept, askedFor } = startCache(publicPage, { freshMs: 60_000 });
  await list(one, gold);
  await list(two, gold);
  expect(askedFor('gold')).toHaveLength(2);
  clock.ms += acceptedMs + 1;
  await list(one, gold);
  expect(askedFor('gold')).toHaveLength(3);
  await accept(two);
  await list(two, gold);
  expect(askedFor('gold')).toHaveLength(3);
});

test('who was given the page itself has it for as long as it is of use, as without sharing', async () => {
  const { clock, list, askedFor } = startCache(publicPage, { freshMs: 60_000 });
  await list(one, gold);
  clock.ms += acceptedMs + 1;
  expect(await list(one, gold)).toMatchObject({ requests: 0 });
  expect(askedFor('gold')).toHaveLength(1);
});

test.for([
  [['__imagetype', 'private']],
  [gold, ['enterprise_project_id', '0']],
  [gold, ['owner', 'somebody']],
  [gold, ['flavor_id', 's6.small.1']],
  [gold, ['__undocumented', 'x']],
] as Parameter[][])('%j is each caller’s own question', async (parameters) => {
  const { list, accept, asked } = startCache(publicPage);
  await list(one, ...parameters);
  await accept(two);
  await list(two, ...parameters);
  expect(asked).toHaveLength(3);
});

test.for([
  { id: 'private-1', visibility: 'private' },
  { id: 'shared-1', visibility: 'shared' },
  { id: 'silent-1' },
  { id: 'hidden-1', visibility: 'public', __isregistered: 'false' },
] as WireImage[])('a page that holds %j stays the caller’s own', async (image) => {
  const { list, accept, askedFor } = startCache((question) =>
    question.startsWith('one') ? pageOf(publicImage('public-1'), image) : pageOf(publicImage('public-1')),
  );
  const page = await list(one, gold);
  await accept(two);
  expect(await list(two, gold)).toEqual(pageOf(publicImage('public-1')));
  expect(await list(one, gold)).toEqual(fresh(page));
  expect(askedFor('gold')).toHaveLength(2);
});

test('a page after a marker is shared once the marker was seen in a page that is shared, and not for ever', async () => {
  const { clock, list, accept, askedFor } = startCache(publicPage);
  const after: Parameter = ['marker', 'public-2'];
  await list(one, gold, after);
  await accept(two);
  await list(two, gold, after);
  expect(askedFor('marker')).toHaveLength(2);

  await list(one, gold);
  clock.ms += 2001;
  await list(one, gold, after);
  await accept(two);
  expect(await list(two, gold, after)).toMatchObject({ requests: 0 });
  expect(askedFor('marker')).toHaveLength(3);

  clock.ms += 21_001;
  await accept(two);
  await list(one, gold, after);
  await list(two, gold, after);
  expect(askedFor('marker')).toHaveLength(5);
});

test('a marker that is no public image, such as another’s private one, keeps the page to its caller', async () => {
  const { list, accept, askedFor } = startCache((question) =>
    question.includes('private') ? pageOf({ id: 'private-1', visibility: 'private' }) : publicPage(),
  );
  await list(one, ['visibility', 'private']);
  await list(one, gold, ['marker', 'private-1']);
  await accept(two);
  await list(two, gold, ['marker', 'private-1']);
  expect(askedFor('marker')).toHaveLength(2);
});

test('a caller whom upstream refuses gets no shared page until it is accepted again', async () => {
  const refused = new UpstreamError('UNAUTHENTICATED', undefined, { status: 401 });
  let refuses = false;
  const { list, accept } = startCache((question) => (refuses && question.startsWith('two') ? refused : publicPage()));
  await list(one, gold);
  await accept(two);
  await list(two, gold);
  refuses = true;
  await expect(accept(two)).resolves.toBeDefined();
  await expect(list(two, ['name', 'another'])).rejects.toBe(refused);
  await expect(list(two, gold)).rejects.toBe(refused);
  expect(await list(one, gold)).toMatchObject({ requests: 0 });
  refuses = false;
  await accept(two);
  expect(await list(two, gold)).toMatchObject({ requests: 0 });
});

test('who may not ask this gets no shared page of it, and gets those of other questions', async () => {
  const forbidden = new UpstreamError('FORBIDDEN', undefined, { status: 403 });
  let forbids = true;
  const { clock, list, accept } = startCache((question) =>
    forbids && question === 'two __imagetype=gold' ? forbidden : publicPage(),
  );
  await expect(list(two, gold)).rejects.toBe(forbidden);
  await list(one, gold);
  await list(one, gold, ['name', 'a']);
  await accept(two);
  await expect(list(two, gold)).rejects.toBe(forbidden);
  expect(await list(two, gold, ['name', 'a'])).toMatchObject({ requests: 0 });
  forbids = false;
  expect(await list(two, gold)).toMatchObject({ requests: 1 });
  clock.ms += 1;
  expect(await list(two, gold)).toMatchObject({ requests: 0 });
});

test('a refresh that is refused to one caller leaves the shared page to the others, who refresh it themselves', async () => {
  const refused = new UpstreamError('UNAUTHENTICATED', undefined, { status: 401 });
  let refuses = false;
  const { clock, list, accept, askedFor } = startCache((question) =>
    refuses && question.startsWith('two') ? refused : publicPage(),
  );
  await list(one, gold);
  await accept(two);
  clock.ms += 1001;
  refuses = true;
  expect(await list(two, gold)).toMatchObject({ stale: { because: 'revalidating' } });
  await turn();
  await expect(list(two, gold)).rejects.toBe(refused);
  expect(await list(one, gold)).toMatchObject({ requests: 0, stale: { because: 'revalidating', code: null } });
  await turn();
  expect(await list(one, gold)).toEqual(fresh(publicPage()));
  expect(askedFor('gold')).toEqual([
    'one __imagetype=gold',
    'two __imagetype=gold',
    'two __imagetype=gold',
    'one __imagetype=gold',
  ]);
});

test('an answer that was on its way when the caller was refused is not kept, and lifts no refusal', async () => {
  const { promise: slow, resolve: arrive } = Promise.withResolvers<ImagePage>();
  const refused = new UpstreamError('UNAUTHENTICATED', undefined, { status: 401 });
  const answers = [slow, Promise.reject(refused), Promise.reject(refused)];
  const cache = cachePages(
    { list: () => answers.shift() ?? Promise.resolve(publicPage()) },
    {
      maxBytes: 1_000_000,
      maxPages: 100,
      freshMs: 1000,
      revalidateMs: 0,
      staleIfErrorMs: 0,
      sharing: { acceptedMs },
      now: () => 0,
      observe: () => {},
    },
  );
  const list = (name: string) => cache.list(toImageQuery([['name', name]]), one, requestWith());
  const slowly = list('slow');
  await expect(list('other')).rejects.toBe(refused);
  arrive(publicPage());
  expect(await slowly).toEqual(publicPage());
  await expect(list('slow')).rejects.toBe(refused);
});

const ask = (gateway: TestGateway, token: string, type: string) =>
  gateway.ask(
    `{ images(first: 5, filter: { type: ${type} }) { edges { node { id } } } }`,
    {},
    { headers: { 'x-auth-token': token } },
  );

test('through the gateway: one upstream request for a public page, each caller its own for the rest', async () => {
  for (const [env, requests] of [
    [{ CACHE_SHARE_PUBLIC: 'on' }, 5],
    [{}, 6],
  ] as const) {
    await using gateway = await startTestGateway({ env });
    const [first, second] = [
      await ask(gateway, 'demo', 'PUBLIC'),
      (await ask(gateway, 'demo-b', 'PRIVATE'), await ask(gateway, 'demo-b', 'PUBLIC')),
    ];
    expect(second).toEqual(first);
    await ask(gateway, 'demo', 'PRIVATE');
    const refused = await ask(gateway, 'nobody', 'PUBLIC');
    expect(refused.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await ask(gateway, 'nobody', 'PUBLIC');
    expect(gateway.takeRequests()).toHaveLength(requests);
  }
});
