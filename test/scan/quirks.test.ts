import { expect, test } from 'vitest';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type ListQuestion, startListServer } from '../support/list-server.ts';

/** 60 ids in order. */
const ids = Array.from(
  { length: 60 },
  (_, i) =>
    String(i + 10)
      .padStart(4, '0')
      .slice(2) + '-x',
);
const after = (marker: string | null): readonly string[] =>
  marker === null ? ids : ids.slice(ids.indexOf(marker) + 1);

async function overUpstream(list: (question: ListQuestion) => readonly string[] | null) {
  const upstream = await startListServer(list);
  const gateway = await startTestGateway({ env: { IMS_ENDPOINT: upstream.url } });
  return {
    upstream,
    gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

const count = '{ images { totalCount } }';
const named =
  '{ images(first: 100, filter: { nameMatches: { contains: "name" } }) { edges { node { id } } pageInfo { hasNextPage } } }';
const idsOf = (answer: { data?: any }): string[] => answer.data.images.edges.map(({ node }: any) => node.id);

/** All pages of five, read forward. */
async function walk(gateway: TestGateway): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const { data, errors }: GraphqlAnswer<any> = await gateway.ask(
      'query ($after: String) { images(first: 5, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
      { after: cursor },
    );
    expect(errors).toBeUndefined();
    found.push(...idsOf({ data }));
    if (!data.images.pageInfo.hasNextPage) return found;
    cursor = data.images.pageInfo.endCursor;
  }
}

test('windows shorter than asked for are not taken for the end', async () => {
  await using over = await overUpstream(({ marker }) => after(marker).slice(0, 7));
  expect(idsOf(await over.gateway.ask(named))).toEqual(ids);
  // Nine windows of rows and the empty one.
  expect(over.upstream.questions).toHaveLength(10);
});

test('rows that come again in the next window are shown and counted once', async () => {
  const overlapping = (marker: string | null) => ids.slice(marker === null ? 0 : Math.max(0, ids.indexOf(marker) - 3));
  await using over = await overUpstream(({ marker }) =>
    marker === ids.at(-1) ? [] : overlapping(marker).slice(0, 10),
  );
  expect(idsOf(await over.gateway.ask(named))).toEqual(ids);
  expect((await over.gateway.ask('{ images(first: 1) { totalCount } }')).data.images.totalCount).toBe(60);
});

test('a marker that upstream takes as the first row of its answer is not shown twice', async () => {
  await using over = await overUpstream(({ marker, limit }) =>
    ids.slice(marker === null ? 0 : ids.indexOf(marker)).slice(0, Math.min(limit, 20)),
  );
  expect(await walk(over.gateway)).toEqual(ids);
  expect(idsOf(await over.gateway.ask(named))).toEqual(ids);
});

test('rows that a page holds twice are shown once, and there is still a next page', async () => {
  await using over = await overUpstream(({ marker, limit }) => {
    const [first, ...rest] = after(marker);
    return first === undefined ? [] : [first, first, ...rest].slice(0, limit);
  });
  const { data } = await over.gateway.ask('{ images(first: 5) { edges { node { id } } pageInfo { hasNextPage } } }');
  expect(data.images.pageInfo.hasNextPage).toBe(true);
  expect(await walk(over.gateway)).toEqual(ids);
});

test.each([
  ['that ignores the marker', () => ids.slice(0, 20)],
  ['that goes in circles', ({ marker }: ListQuestion) => (marker === ids[19] ? ids.slice(20, 40) : ids.slice(0, 20))],
])('an upstream %s ends in an error, not in a loop', async (_what, list) => {
  await using over = await overUpstream(list);
  for (const query of [named, count]) {
    const { errors, data } = await over.gateway.ask(query);
    expect(data?.images?.totalCount ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
  }
  expect(over.upstream.questions.length).toBeLessThan(8);
});

test('a plain page is refused where upstream ignores the marker, so that no client reads for ever', async () => {
  await using over = await overUpstream(({ limit }) => ids.slice(0, limit));
  const { data } = await over.gateway.ask('{ images(first: 5) { pageInfo { endCursor } } }');
  const { errors } = await over.gateway.ask(
    `{ images(first: 5, after: "${data.images.pageInfo.endCursor}") { edges { cursor } } }`,
  );
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
});

test('where the last row of a window is deleted before the next one is read, reading goes on behind an earlier one', async () => {
  const gone = new Set([ids[9], ids[8], ids[29]]);
  await using over = await overUpstream(({ marker }) => (gone.has(marker ?? '') ? null : after(marker).slice(0, 10)));
  expect(idsOf(await over.gateway.ask(named))).toEqual(ids);
});
