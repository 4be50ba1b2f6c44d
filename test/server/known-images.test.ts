import { expect, test } from 'vitest';
import { createRandom } from '../../src/embedded/random.ts';
import { answer } from '../support/fault-server.ts';
import { startFaultyGateway } from '../support/faulty-gateway.ts';

const query = '{ images(first: 2) { edges { node { id name status os { platform } raw } } } }';

interface Answer {
  readonly images: { readonly edges: readonly { readonly node: object }[] };
}

const [first, second] = ['b756f757-f920-468f-a972-070fde16bf20', '22d4963e-88d6-4e37-a36a-cadd7ac97d6d'];

/** What upstream may say of one image: the same to one caller as to another, or not, now and later. */
const tellings = [
  { id: first, name: 'first', status: 'active', __platform: 'Ubuntu' },
  { id: first, name: 'first', status: 'killed', __platform: 'Ubuntu' },
  { id: first, name: 'other', status: 'active' },
];
const neighbours = [[], [{ id: second, name: 'second' }], [{ id: second, name: 'second', status: 'saving' }]];

test.for(['200', '8388608'])(
  'every caller is told what upstream tells that caller, whatever it told others before, with %s bytes',
  async (maxBytes) => {
    await using faulty = await startFaultyGateway({
      CACHE_FRESH_MS: '0',
      RENDERED_MAX_BYTES: '0',
      KNOWN_IMAGES_MAX_BYTES: maxBytes,
    });
    const { upstream, gateway } = faulty;
    const random = createRandom(7);
    for (let round = 1; round <= 150; round += 1) {
      const images = random.pick([
        [random.pick(tellings), ...random.pick(neighbours)],
        [...random.pick(neighbours), random.pick(tellings)],
      ]);
      upstream.next(answer(200, { images }));
      const headers = { 'x-auth-token': random.pick(['token-of-a', 'token-of-b']) };
      const { data, errors } = await gateway.ask<Answer>(query, {}, { headers });
      expect(errors).toBeUndefined();
      expect(data?.images.edges.map(({ node }) => node)).toEqual(
        images.map((image: Record<string, string>) => ({
          id: image['id'],
          name: image['name'],
          status: image['status']?.toUpperCase() ?? null,
          os: { platform: image['__platform'] ?? null },
          raw: image,
        })),
      );
      expect(upstream.requests).toHaveLength(round);
    }
  },
);

test('an image that comes twice in one answer is what it was, known or not', async () => {
  await using faulty = await startFaultyGateway({ CACHE_FRESH_MS: '0', RENDERED_MAX_BYTES: '0' });
  const { upstream, gateway } = faulty;
  const [one, other] = [{ id: first }, { id: second }];
  const page =
    'query ($after: String) { images(first: 2, after: $after) { edges { node { id } } pageInfo { endCursor } } }';
  const ask = (after: string | null, ...images: readonly object[]) => {
    upstream.next(answer(200, { images }));
    return gateway.ask(page, { after }, { headers: { 'x-auth-token': 'token' } });
  };
  const { data } = await ask(null, one);
  for (let time = 0; time < 4; time += 1) {
    // Upstream gave this page from before its marker.
    const { errors } = await ask(data.images.pageInfo.endCursor, one, other, one);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
    const twice = await ask(null, one, other, one);
    expect(twice.data.images.edges).toEqual([{ node: one }, { node: other }]);
  }
});
