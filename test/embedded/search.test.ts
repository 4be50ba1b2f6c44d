import { describe, expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { catalogueOf, startEmbedded } from './harness.ts';
import { idsOf, sortedBy, visibleTo } from './oracle.ts';
import { exhaustive, fruitless, type Question, selective } from './questions.ts';

const catalogue = loadSampleCatalogue();
const visible = visibleTo(catalogue.projects.get('demo') ?? '', catalogue);
const newestFirst = sortedBy('created_at', visible).toReversed();

/** The URI line of the manual. */
const documented =
  '__isregistered,__imagetype,__whole_image,__system__cmkid,protected,visibility,owner,id,status,name,flavor_id,container_format,disk_format,min_ram,min_disk,__os_bit,__platform,marker,limit,sort_key,sort_dir,__os_type,tag,member_status,__support_kvm,__support_xen,__support_largememory,__support_diskintensive,__support_highperformance,__support_xen_gpu_type,__support_kvm_gpu_type,__support_xen_hana,__support_kvm_infiniband,virtual_env_type,enterprise_project_id,created_at,updated_at,architecture'.split(
    ',',
  );

const titled = (questions: readonly Question[]) =>
  questions.map((question) => ({
    ...question,
    title: new URLSearchParams(question.pairs.map((p) => [...p])).toString(),
  }));

describe('each search selects what the manual says, newest first', () => {
  test.for(titled(selective))('$title selects some of the images', async ({ pairs, selects }) => {
    const { ids } = await startEmbedded();
    const expected = idsOf(newestFirst.filter(selects));
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(visible.length);
    expect(await ids(pairs)).toEqual(expected);
  });

  test.for(titled(exhaustive))('"$title" selects every visible image', async ({ pairs }) => {
    const { ids } = await startEmbedded();
    expect(await ids(pairs)).toEqual(idsOf(newestFirst));
  });

  test.for(titled(fruitless))('$title selects nothing, and is no error', async ({ pairs }) => {
    const { ask } = await startEmbedded();
    const { response, body } = await ask(pairs);
    expect(response.status).toBe(200);
    expect(body).toEqual({ images: [] });
  });

  test('every parameter of the manual is asked here or in the tests of paging and sharing', () => {
    const asked = new Set([...selective, ...exhaustive].flatMap(({ pairs }) => pairs.map(([name]) => name)));
    const elsewhere = ['marker', 'limit', 'sort_key', 'sort_dir', 'member_status'];
    expect([...documented].filter((name) => !asked.has(name))).toEqual(elsewhere);
    expect(documented).toHaveLength(38);
  });
});

test('disk_format=zvhd selects the only such image, a private one of demo-d', async () => {
  const { list, ids } = await startEmbedded();
  const found = await list([['disk_format', 'zvhd']], { token: 'demo-d' });
  expect(found.map((image) => image['name'])).toEqual(['delta-zvhd-legacy']);
  expect(await ids([['disk_format', 'zvhd']])).toEqual([]);
});

test('an image without a readable time satisfies no operator, not even neq', async () => {
  const images = [{ id: 'absent' }, { id: 'null', created_at: null }, { id: 'text', created_at: 'yesterday' }];
  const { ids } = await startEmbedded({
    catalogue: catalogueOf([...images, { id: 'good', created_at: '2020-01-01T00:00:00Z' }]),
  });
  expect(await ids([['created_at', 'neq:2021-01-01T00:00:00Z']])).toEqual(['good']);
});

test('a flavor runs images of its own architecture only', async () => {
  const image = { __imagetype: 'gold', virtual_env_type: 'FusionCompute', min_ram: 0, __support_kvm: 'true' };
  const images = [
    { ...image, id: 'x86' },
    { ...image, id: 'arm', __support_arm: 'true' },
  ];
  const { ids } = await startEmbedded({ catalogue: catalogueOf(images) });
  expect(await ids([['flavor_id', 's6.large.2']])).toEqual(['x86']);
  expect(await ids([['flavor_id', 'kc1.large.2']])).toEqual(['arm']);
});

describe('searches together', () => {
  test('limit=0 holds for an id too', async () => {
    const { ids } = await startEmbedded();
    const [id = ''] = await ids([['limit', '1']]);
    expect(
      await ids([
        ['id', id],
        ['limit', '0'],
      ]),
    ).toEqual([]);
  });

  test('several searches must all hold', async () => {
    const { ids } = await startEmbedded();
    const expected = newestFirst.filter((image) => image['__imagetype'] === 'gold' && image['__platform'] === 'Ubuntu');
    expect(
      await ids([
        ['__imagetype', 'gold'],
        ['__platform', 'Ubuntu'],
      ]),
    ).toEqual(idsOf(expected));
  });

  test('the last value of a repeated search wins, except for tags', async () => {
    const { ids } = await startEmbedded();
    const expected = newestFirst.filter((image) => image['__platform'] === 'Debian');
    expect(
      await ids([
        ['__platform', 'Ubuntu'],
        ['__platform', 'Debian'],
      ]),
    ).toEqual(idsOf(expected));
    expect(
      await ids([
        ['tag', 'app=crm'],
        ['tag', 'app=hr'],
      ]),
    ).toEqual([]);
  });

  test('both paths give the same answer, which holds the catalogue’s objects untouched', async () => {
    const { get } = await startEmbedded();
    const [fuzzy, plain] = await Promise.all([get('/v1/cloudimages/fuzzy'), get('/v2/cloudimages')]);
    const text = await fuzzy.text();
    expect(text).toBe(await plain.text());
    expect(text).toBe(JSON.stringify({ images: newestFirst }));
  });

  test('a value may be encoded in either way of writing a space', async () => {
    const { get } = await startEmbedded();
    const [plus, percent] = await Promise.all(
      ['Red+Hat', 'Red%20Hat'].map((v) => get(`/v2/cloudimages?__platform=${v}`)),
    );
    const text = await plus?.text();
    expect(text).toContain('Red Hat');
    expect(text).toBe(await percent?.text());
  });
});
