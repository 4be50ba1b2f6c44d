import { describe, expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { catalogueOf, startEmbedded } from './harness.ts';
import { idsOf, sortedBy, visibleTo } from './oracle.ts';

const catalogue = loadSampleCatalogue();
const shared = ['visibility', 'shared'] as const;

test.for([...catalogue.projects])(
  '%s sees public images, its own, and shared ones that it accepted',
  async ([token, project]) => {
    const { ids } = await startEmbedded();
    expect(await ids([], { token })).toEqual(idsOf(sortedBy('created_at', visibleTo(project, catalogue)).toReversed()));
  },
);

test('the projects of the sample do not all see the same', async () => {
  const { ids } = await startEmbedded();
  const views = await Promise.all([...catalogue.projects.keys()].map((token) => ids([], { token })));
  expect(new Set(views.map(String)).size).toBe(6);
});

test('demo is the project demo-a', async () => {
  const { ids } = await startEmbedded();
  expect(await ids([], { token: 'demo' })).toEqual(await ids([], { token: 'demo-a' }));
});

test('a private image is listed for nobody but its owner, even by id', async () => {
  const { ids } = await startEmbedded();
  const [image] = await ids([
    ['visibility', 'private'],
    ['limit', '1'],
  ]);
  const owned = [['id', image ?? '']] as const;
  expect(await ids(owned)).toEqual([image]);
  expect(await ids(owned, { token: 'demo-b' })).toEqual([]);
});

test('either sign of Windows hides an image', async () => {
  const images = [{ id: 'type', __os_type: 'Windows' }, { id: 'platform', __platform: 'Windows' }, { id: 'neither' }];
  const { ids } = await startEmbedded({ catalogue: catalogueOf(images) });
  expect(await ids([])).toEqual(['neither']);
});

test('a membership counts only while the image is shared', async () => {
  const accepted = [{ member_id: 'us', status: 'accepted' }] as const;
  const images = [
    { id: 'shared', owner: 'them', visibility: 'shared' },
    { id: 'private', owner: 'them', visibility: 'private' },
  ];
  const { ids, ask } = await startEmbedded({ catalogue: catalogueOf(images, { shared: accepted, private: accepted }) });
  expect(await ids([])).toEqual(['shared']);
  expect((await ask([['marker', 'private']])).response.status).toBe(403);
});

describe('member_status shows exactly the images shared with the caller that it has answered so', () => {
  const generated = generateCatalogue({ seed: 3, size: 600 });

  test.for(['accepted', 'rejected', 'pending'])('%s', async (status) => {
    for (const source of [catalogue, generated]) {
      const { ids } = await startEmbedded({ catalogue: source });
      for (const token of ['demo', 'demo-b', 'demo-c']) {
        const project = source.projects.get(token);
        const expected = source.images.filter(({ id }) =>
          source.members.get(id)?.some((m) => m.member_id === project && m.status === status),
        );
        const found = await ids([shared, ['member_status', status]], { token });
        expect(found).toEqual(idsOf(sortedBy('created_at', expected).toReversed()));
      }
    }
  });

  test('each status finds something for demo in the sample, never an image that demo shares itself', async () => {
    const { list } = await startEmbedded();
    const counts = await Promise.all(
      ['accepted', 'rejected', 'pending'].map(async (status) => {
        const images = await list([shared, ['member_status', status]]);
        expect(images.map((image) => image['owner'])).not.toContain(catalogue.projects.get('demo'));
        return images.length;
      }),
    );
    expect(counts).toEqual([3, 1, 1]);
  });
});
