import { expect, test } from 'vitest';
import { loadSampleCatalogue } from '../../src/embedded/catalogue.ts';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { visibleTo } from '../embedded/oracle.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Image { id name } } }';
const one = 'query ($id: ID!) { image(id: $id) { id name } }';
const uncached = { CACHE_FRESH_MS: '0', IMS_MAX_RETRIES: '0' };

const ask = (gateway: TestGateway, ids: readonly string[]) =>
  gateway.ask(entities, { of: ids.map((id) => ({ __typename: 'Image', id })) });

const idsIn = (answer: { readonly data?: any }): (string | null)[] =>
  answer.data._entities.map((image: { readonly id: string } | null) => image?.id ?? null);

test('a hundred ids of the sample catalogue cost two requests, and are what asking one by one gives', async () => {
  await using gateway = await startTestGateway({ env: uncached });
  const ids = loadSampleCatalogue()
    .images.map(({ id }) => id)
    .filter((_, i) => i % 4 !== 3)
    .slice(0, 99)
    .concat('00000000-0000-4000-8000-000000000000');
  expect(new Set(ids).size).toBe(100);

  const { data, errors } = await ask(gateway, ids);
  expect(errors).toBeUndefined();
  // The whole list, and the empty window that ends it.
  expect(gateway.takeRequests()).toHaveLength(2);

  const single: unknown[] = [];
  for (const id of ids) single.push((await gateway.ask(one, { id })).data.image);
  expect(data._entities).toEqual(single);
  expect(single).toContain(null);
});

test('a few ids are asked for one by one', async () => {
  await using gateway = await startTestGateway({ env: uncached });
  const ids = loadSampleCatalogue()
    .images.slice(0, 5)
    .map(({ id }) => id);
  await ask(gateway, ids);
  expect(gateway.takeRequests().toSorted()).toEqual(ids.map((id) => `id=${id}`).toSorted());
});

test('of a longer list some windows are read, and what they leave open is asked for one by one', async () => {
  const catalogue = generateCatalogue({ seed: 5, size: 6000 });
  await using gateway = await startTestGateway({ catalogue, env: uncached });
  const visible = new Set(visibleTo(catalogue.projects.get('demo') ?? '', catalogue).map(({ id }) => id));
  const ids = catalogue.images.filter((_, i) => i % 150 === 7).map(({ id }) => id);
  expect(ids).toHaveLength(40);

  const answer = await ask(gateway, ids);
  expect(answer.errors).toBeUndefined();
  expect(idsIn(answer)).toEqual(ids.map((id) => (visible.has(id) ? id : null)));
  const requests = gateway.takeRequests();
  expect(requests.filter((query) => query.includes('limit=500'))).toHaveLength(4);
  expect(requests.length).toBeLessThan(ids.length);
});

test('windows are kept like every page: the next ids cost nothing more', async () => {
  await using gateway = await startTestGateway();
  const ids = loadSampleCatalogue().images.map(({ id }) => id);
  await ask(gateway, ids.slice(0, 30));
  gateway.takeRequests();
  await ask(gateway, ids.slice(30, 60));
  expect(gateway.takeRequests().length).toBeLessThanOrEqual(1);
});

test('a service that is not available costs one request, and each id has its error', async () => {
  await using gateway = await startTestGateway({ env: uncached });
  gateway.ims.faults.add({ kind: 'status', status: 503 });
  const ids = Array.from({ length: 30 }, (_, i) => `id-${i}`);
  const { data, errors } = await ask(gateway, ids);
  expect(data._entities).toEqual(ids.map(() => null));
  expect(errors?.map(({ path }) => path?.at(-1))).toEqual(ids.map((_, i) => i));
  expect(new Set(errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
  expect(gateway.takeRequests()).toHaveLength(1);
});

test('a window that cannot be used is no answer about any id: they are asked for one by one', async () => {
  await using gateway = await startTestGateway({ env: uncached });
  gateway.ims.faults.add({ kind: 'truncate' }, { when: (url) => url.includes('limit=500') });
  const ids = loadSampleCatalogue()
    .images.filter((image) => image['__imagetype'] === 'gold' && image['__os_type'] === 'Linux')
    .slice(0, 8)
    .map(({ id }) => id);
  const answer = await ask(gateway, ids);
  expect(answer.errors).toBeUndefined();
  expect(idsIn(answer)).toEqual(ids);
  expect(gateway.takeRequests()).toHaveLength(1 + ids.length);
});

test('ids beyond what one request may ask have an error that says so; the others have their images', async () => {
  const catalogue = generateCatalogue({ seed: 6, size: 4000 });
  await using gateway = await startTestGateway({ catalogue, env: { ...uncached, SCAN_MAX_WINDOWS: '1' } });
  const visible = visibleTo(catalogue.projects.get('demo') ?? '', catalogue).map(({ id }) => id);
  const ids = visible.filter((_, i) => i % 5 === 0);
  expect(ids.length).toBeGreaterThan(300);

  const answer = await ask(gateway, ids);
  const requests = gateway.takeRequests();
  expect(requests.filter((query) => query.startsWith('id='))).toHaveLength(100);
  expect(requests).toHaveLength(101);
  const failed = new Set(answer.errors?.map(({ path }) => path?.at(-1)));
  expect(new Set(answer.errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['SCAN_BUDGET_EXCEEDED']));
  expect(idsIn(answer)).toEqual(ids.map((id, i) => (failed.has(i) ? null : id)));
  expect(failed.size).toBeLessThan(ids.length - 100);
});
