import { expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { createImageList } from '../../src/embedded/list.ts';
import { toListRequest } from '../../src/embedded/parameters.ts';
import { sortedBy, visibleTo } from './oracle.ts';

const catalogue = generateCatalogue({ seed: 11, size: 20_000 });
const project = catalogue.projects.get('demo') ?? '';
const visible = visibleTo(project, catalogue);
const list = createImageList(catalogue);

test.for(['name', 'container_format', 'disk_format', 'status', 'id', 'size', 'created_at'])(
  'a page by %s looks only at the images from its marker to its last row, wherever it starts',
  (key) => {
    const ordered = sortedBy(key, catalogue.images).map(({ id }) => id);
    const listed = sortedBy(key, visible).map(({ id }) => id);
    for (const depth of [0, 0.25, 0.5, 0.75, 0.99]) {
      const marker = listed[Math.floor(depth * listed.length)] ?? '';
      const query = `sort_key=${key}&sort_dir=asc&limit=50&marker=${marker}`;
      const { images, examined } = list(toListRequest(query, 500), project);
      expect(images).toHaveLength(50);
      expect(examined).toBe(ordered.indexOf(images.at(-1)?.id ?? '') - ordered.indexOf(marker));
    }
  },
);

test('an image asked by id costs one look', () => {
  const id = visible.at(-1)?.id ?? '';
  const page = list(toListRequest(`id=${id}`, 500), project);
  expect(page.images.map((image) => image.id)).toEqual([id]);
  expect(page.examined).toBe(1);
});

test('an empty page of limit 0 costs nothing', () => {
  expect(list(toListRequest('limit=0', 500), project)).toEqual({ images: [], examined: 0 });
});
