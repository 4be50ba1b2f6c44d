import { expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { newestImages, summariesOf } from './typed-documents/newest-images.ts';
import type {
  ImageFilter,
  NewestImagesQuery,
  NewestImagesQueryVariables,
} from './typed-documents/__generated__/graphql.ts';

test('typed documents ask for a page and the next one, and know the types of the answers', async () => {
  await using gateway = await startTestGateway();
  const ask = async (variables: NewestImagesQueryVariables) => {
    const { data } = await gateway.ask<NewestImagesQuery>(newestImages.toString(), variables);
    if (data == null) throw new Error('Expected an answer with data.');
    return data;
  };
  const filter: ImageFilter = { type: ['PUBLIC'], os: { type: ['LINUX'] } };
  const page = await ask({ filter });
  const next = await ask({ filter, after: page.images.pageInfo.endCursor });

  const created = [...summariesOf(page), ...summariesOf(next)].map(({ createdAt }) => Date.parse(createdAt ?? ''));
  expect(created).toHaveLength(4);
  expect(created).toEqual(created.toSorted((a, b) => b - a));
  const sizes: (number | null | undefined)[] = summariesOf(page).map(({ storage }) => storage.sizeBytes);
  expect(sizes.map((size) => typeof size)).toEqual(['number', 'number']);
});
