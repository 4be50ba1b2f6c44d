import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../../../test/support/gateway.ts';
import type { Service } from '../listen.ts';
import { startServers } from '../servers/start-servers.ts';
import { startHiveGateway } from '../start-hive-gateway.ts';
import { readSupergraph } from '../supergraph.ts';
import { startApolloGateway } from './apollo-gateway.ts';

const unknownImage = '00000000-0000-4000-8000-000000000000';
const imagesOfProjectB = ['beta-app-server', 'beta-cache-node'];

const stack = new AsyncDisposableStack();
let images: TestGateway;
let supergraph: string;

beforeAll(async () => {
  // Without its cache, so that every question costs what it costs.
  images = stack.use(await startTestGateway({ env: { CACHE_FRESH_MS: '0' } }));
  const servers = stack.use(await startServers(0));
  supergraph = readSupergraph({ images: images.url, servers: servers.url });
});
afterAll(() => stack.disposeAsync());

const serversOf = ({ data }: GraphqlAnswer<any>): any[] => data.servers.edges.map(({ node }: any) => node);

describe.each([
  ['Hive Gateway', startHiveGateway],
  ['Apollo Gateway', startApolloGateway],
])('%s', (_name, start) => {
  let gateway: Service;
  beforeAll(async () => {
    gateway = await start(supergraph, 0);
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  async function ask(query: string, token: string): Promise<GraphqlAnswer<any>> {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': token },
      body: JSON.stringify({ query }),
    });
    return response.json() as Promise<GraphqlAnswer<any>>;
  }

  const imageNames = async (token: string): Promise<string[]> =>
    serversOf(await ask('{ servers { edges { node { image { name } } } } }', token)).flatMap(
      ({ image }) => image?.name ?? [],
    );

  test('answers servers with their images, and asks the image service for no id twice', async () => {
    images.takeRequests();
    const answer = await ask('{ servers { edges { node { name image { id name } } } } }', 'demo');
    const requests = images.takeRequests();
    const asked = requests.flatMap((query) => new URLSearchParams(query).getAll('id'));

    expect(answer.errors).toBeUndefined();
    const servers = serversOf(answer);
    expect(servers).toHaveLength(12);
    expect(servers.at(-1)).toEqual({
      name: 'web-3',
      image: { id: '5148ef60-dc3f-43ec-892d-e45fd93c41a1', name: 'web-base-2024.06' },
    });
    const referredTo = new Set(servers.flatMap(({ image }) => image?.id ?? []));
    expect(referredTo.size).toBe(10);
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.length).toBeLessThanOrEqual(referredTo.size);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('knows of an image that is unknown, or another project’s, the id and nothing else; all others are whole', async () => {
    const answer = await ask('{ servers { edges { node { name image { id name } } } } }', 'demo');
    expect(answer.errors).toBeUndefined();
    const without = serversOf(answer).filter(({ image }) => image !== null && image.name === null);
    expect(without.map(({ name }) => name)).toEqual(['app-1', 'cache-1', 'of-a-lost-image']);
    expect(without.at(-1).image.id).toBe(unknownImage);
  });

  test('answers null for an unknown image where a group of its attributes is asked for, and loses no other', async () => {
    const servers = serversOf(await ask('{ servers { edges { node { name image { os { type } } } } } }', 'demo'));
    expect(servers.filter(({ image }) => image === null).map(({ name }) => name)).toEqual([
      'app-1',
      'cache-1',
      'from-a-disk',
      'of-a-lost-image',
    ]);
    expect(servers.filter(({ image }) => image !== null).map(({ image }) => image.os.type)).toEqual(
      Array(8).fill('LINUX'),
    );
  });

  test('answers images with their servers', async () => {
    const { data, errors } = await ask(
      '{ images(filter: { name: "Ubuntu 22.04 server 64bit" }) { edges { node { servers { name } } } } }',
      'demo',
    );
    expect(errors).toBeUndefined();
    expect(data.images.edges).toEqual([{ node: { servers: [{ name: 'web-1' }, { name: 'web-2' }] } }]);
  });

  test('shows each caller what the image service shows that caller', async () => {
    const [a, b] = [await imageNames('demo'), await imageNames('demo-b')];
    expect(a).toContain('web-base-2024.06');
    expect(a).not.toContain(imagesOfProjectB[0]);
    expect(b).toEqual(expect.arrayContaining(imagesOfProjectB));
    expect(b).not.toContain('web-base-2024.06');
  });

  test('keeps callers apart also where the same question is under way for many of them', async () => {
    const callers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 'demo' : 'demo-b'));
    const answers = await Promise.all(callers.map(imageNames));
    const sawProjectB = answers.map((names) => imagesOfProjectB.some((name) => names.includes(name)));
    expect(sawProjectB).toEqual(callers.map((token) => token === 'demo-b'));
  });

  test.each([
    ['may not list images', 'demo-forbidden', 'FORBIDDEN', 'IMG.0026'],
    ['is not known', 'nonsense', 'UNAUTHENTICATED', 'APIGW.0301'],
  ])('passes on errors with their codes where the caller %s', async (_what, token, code, upstreamCode) => {
    const answer = await ask('{ servers(first: 1) { edges { node { name image { name } } } } }', token);
    expect(serversOf(answer)).toEqual([{ name: 'app-1', image: { name: null } }]);
    expect(answer.errors).toMatchObject([{ extensions: { code, retryable: false, upstream: { code: upstreamCode } } }]);
    expect(answer.errors?.[0]?.path?.slice(0, 5)).toEqual(['servers', 'edges', 0, 'node', 'image']);
  });

  test('passes on the sentence that refuses an argument', async () => {
    const { errors } = await ask('{ images(first: 0) { edges { node { name } } } }', 'demo');
    expect(errors).toMatchObject([
      {
        message: 'Argument "first": expected a number of images from 1 to 100, but received 0.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });
});
