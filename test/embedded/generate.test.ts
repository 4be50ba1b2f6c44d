import { expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { visibleTo } from './oracle.ts';

const catalogue = generateCatalogue({ seed: 1, size: 2000 });
const values = (name: string): unknown[] => catalogue.images.map((image) => image[name]);

test('the same seed gives the same catalogue, another seed another', () => {
  expect(generateCatalogue({ seed: 1, size: 2000 })).toEqual(catalogue);
  const other = generateCatalogue({ seed: 2, size: 2000 });
  expect(other.images.map(({ id }) => id)).not.toEqual(catalogue.images.map(({ id }) => id));
});

test('ids are distinct UUIDs, also in a catalogue of 100,000 images', () => {
  const { images } = generateCatalogue({ seed: 42, size: 100_000 });
  expect(new Set(images.map(({ id }) => id)).size).toBe(100_000);
  for (const { id } of images.slice(0, 100))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('the tokens are those of the sample, and they see different images', () => {
  expect(catalogue.projects).toEqual(loadSampleCatalogue().projects);
  const counts = [...catalogue.projects.values()].map((project) => visibleTo(project, catalogue).length);
  expect(new Set(counts).size).toBeGreaterThan(4);
});

test.for(['name', 'container_format', 'disk_format', 'status', 'size', 'created_at'])(
  'several images tie on %s',
  (key) => {
    expect(new Set(values(key)).size).toBeLessThan(catalogue.images.length / 3);
  },
);

test.for([
  ['name', ''],
  ['name', '中文镜像'],
  ['name', undefined],
  ['created_at', undefined],
  ['size', null],
  ['disk_format', null],
  ['disk_format', 'vhdx'],
  ['status', 'killed'],
  ['status', 'deleted'],
  ['status', 'importing'],
  ['__os_type', 'Windows'],
  ['__isregistered', 'false'],
  ['__lazyloading', 'True'],
  ['__lazyloading', true],
  ['__platform', 'Plan 9'],
  ['__support_arm', 'true'],
  ['__support_kvm_gpu_type', 'V100'],
  ['__os_feature_list', 'not json'],
  ['max_ram', 'lots'],
  ['tags', null],
] as const)('some image has %s %j', ([name, value]) => {
  expect(values(name)).toContain(value);
});

test('tags come in the old form and the new', () => {
  expect(values('tags')).toEqual(expect.arrayContaining([['app=web'], ['app.web']]));
});

test('memberships come in every state, on images that are shared', () => {
  const statuses = [...catalogue.members.values()].flat().map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set(['accepted', 'rejected', 'pending']));
  const shared = new Set(catalogue.images.filter((i) => i['visibility'] === 'shared').map(({ id }) => id));
  expect([...catalogue.members.keys()].every((id) => shared.has(id))).toBe(true);
});
