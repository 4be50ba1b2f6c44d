import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cachePages, type PageCacheOptions } from '../../src/cache/page-cache.ts';
import { UpstreamError } from '../../src/image/errors.ts';
import { toImageQuery } from '../../src/image/query-string.ts';
import type { ImagePage, ImageSource } from '../../src/image/source.ts';
import { fresh, pageOf, recordSource, requestWith } from '../support/recorded-source.ts';

const request = requestWith();
const somebody = { key: 'somebody', token: 'token-1' };
const another = { key: 'another', token: 'token-2' };
/** A cache that gives nothing stale and shares nothing. */
const plain = { revalidateMs: 0, staleIfErrorMs: 0, sharing: null, observe: () => {} };
const query = (text: string) => toImageQuery([['name', text]]);

/** A cache over a source that counts, answers `give` at once and is asked by `somebody` unless said otherwise. */
function startCache(options: Partial<PageCacheOptions> = {}, give: () => ImagePage = () => pageOf('image-1')) {
  const clock = { ms: 1_000_000 };
  const asked: string[] = [];
  const source: ImageSource = {
    async list(of, caller) {
      asked.push(`${caller.key} ${of}`);
      return give();
    },
  };
  const defaults = { ...plain, maxBytes: 1_000_000, maxPages: 1000, freshMs: 1000, now: () => clock.ms };
  const cache = cachePages(source, { ...defaults, ...options });
  return { clock, asked, cache, list: (text: string, caller = somebody) => cache.list(query(text), caller, request) };
}

test.for([1_000_000, 1, 0, 0.5])('a page is fresh for as long as configured, from a clock at %s on', async (start) => {
  const { clock, asked, list } = startCache();
  clock.ms = start;
  const first = await list('a');
  clock.ms = start + 999;
  expect(await list('a')).toEqual(fresh(first));
  expect(asked).toHaveLength(1);
  clock.ms = start + 1001;
  await list('a');
  expect(asked).toHaveLength(2);
  clock.ms = start + 2000;
  await list('a');
  expect(asked).toHaveLength(2);
});

test('a page is read again out of its bytes when it is first asked for again, and then no more', async () => {
  let readings = 0;
  const readAgain = () => {
    readings += 1;
    return [{ id: `reading ${readings}` }];
  };
  const { asked, list } = startCache({}, () => ({ ...pageOf('image-1'), readAgain }));
  const shown = [await list('a'), await list('a'), await list('a')].map(({ images }) => images[0]?.id);
  expect(shown).toEqual(['image-1', 'reading 1', 'reading 1']);
  expect(asked).toHaveLength(1);
});

test('a long page is read again once for all who ask meanwhile, and is at hand from then on', async () => {
  const reading = Promise.withResolvers<ImagePage['images']>();
  let readings = 0;
  const readAgain = () => {
    readings += 1;
    return reading.promise;
  };
  const { asked, cache, list } = startCache({}, () => ({ ...pageOf('image-1'), readAgain }));
  await list('a');
  const both = Promise.all([list('a'), list('a')]);
  await turn();
  reading.resolve([{ id: 'read again' }]);
  const shown = [...(await both), cache.fresh(query('a'), somebody, 'request-1')];
  expect(shown).toEqual(Array.from({ length: 3 }, () => fresh({ images: [{ id: 'read again' }], sizeBytes: 100 })));
  expect(readings).toBe(1);
  expect(asked).toHaveLength(1);
});

test('use does not prolong freshness', async () => {
  const { clock, asked, list } = startCache();
  for (const ms of [0, 400, 800]) {
    clock.ms = 1_000_000 + ms;
    await list('a');
  }
  clock.ms = 1_001_001;
  await list('a');
  expect(asked).toHaveLength(2);
});

test('two queries are two pages, and so are two callers of one query', async () => {
  const { asked, list } = startCache();
  for (let i = 0; i < 2; i += 1) {
    await list('a');
    await list('b');
    await list('a', another);
  }
  expect(asked).toEqual(['somebody name=a', 'somebody name=b', 'another name=a']);
});

test('a caller is told by key, not by token, and no key and query run together into another', async () => {
  const { asked, list } = startCache();
  await list('a', { key: 'k', token: 'old' });
  await list('a', { key: 'k', token: 'new' });
  expect(asked).toEqual(['k name=a']);
  await list('a', { key: 'k name=a', token: 'old' });
  await list('a&name=a', { key: 'k', token: 'old' });
  expect(asked).toHaveLength(3);
});

test('at most as many pages are kept as configured; the one used longest ago goes first', async () => {
  const { asked, list } = startCache({ maxPages: 2 });
  await list('a');
  await list('b');
  await list('a');
  await list('c');
  expect(asked).toHaveLength(3);
  await list('a');
  await list('c');
  expect(asked).toHaveLength(3);
  await list('b');
  expect(asked).toHaveLength(4);
});

test('at most as many bytes are kept as configured', async () => {
  const { asked, list } = startCache({ maxBytes: 1000 }, () => pageOf('image-1', 400));
  await list('a');
  await list('b');
  await list('a');
  await list('b');
  expect(asked).toHaveLength(2);
  await list('c');
  await list('c');
  await list('b');
  expect(asked).toHaveLength(3);
  await list('a');
  expect(asked).toHaveLength(4);
});

test('a query counts too, so that no number of long ones with empty answers fills the memory', async () => {
  const { asked, list } = startCache({ maxBytes: 1000 }, () => ({ images: [], sizeBytes: 13, requests: 1 }));
  await list('a'.repeat(600));
  await list('b'.repeat(600));
  await list('b'.repeat(600));
  expect(asked).toHaveLength(2);
  await list('a'.repeat(600));
  expect(asked).toHaveLength(3);
});

test('a page larger than the whole cache is given but not kept, and drives nothing out', async () => {
  let sizeBytes = 100;
  const { asked, list } = startCache({ maxBytes: 1000 }, () => pageOf('image-1', sizeBytes));
  await list('small');
  sizeBytes = 5000;
  expect(await list('large')).toEqual(pageOf('image-1', 5000));
  await list('large');
  expect(asked).toHaveLength(3);
  await list('small');
  expect(asked).toHaveLength(3);
});

test('a failure reaches the caller as it is and is not kept', async () => {
  const failure = new UpstreamError('UPSTREAM_UNAVAILABLE');
  const outcomes = [() => Promise.reject(failure), () => Promise.resolve(pageOf('image-1'))];
  let asked = 0;
  const cache = cachePages(
    {
      list: () => {
        asked += 1;
        return (outcomes.shift() ?? (() => Promise.reject(new Error('asked too often'))))();
      },
    },
    { ...plain, maxBytes: 1000, maxPages: 10, freshMs: 1000, now: () => 0 },
  );
  await expect(cache.list(query('a'), somebody, request)).rejects.toBe(failure);
  expect(await cache.list(query('a'), somebody, request)).toEqual(pageOf('image-1'));
  expect(await cache.list(query('a'), somebody, request)).toEqual(fresh(pageOf('image-1')));
  expect(asked).toBe(2);
});

test('a failure after a page has become stale is not covered up by it', async () => {
  const failure = new UpstreamError('UPSTREAM_TIMEOUT');
  let broken = false;
  const { clock, asked, list } = startCache({}, () => {
    if (broken) throw failure;
    return pageOf('image-1');
  });
  await list('a');
  clock.ms += 1001;
  broken = true;
  await expect(list('a')).rejects.toBe(failure);
  await expect(list('a')).rejects.toBe(failure);
  broken = false;
  expect(await list('a')).toEqual(pageOf('image-1'));
  expect(asked).toHaveLength(4);
});

test('an empty page is kept like any other', async () => {
  const { asked, list } = startCache({}, () => ({ images: [], sizeBytes: 0, requests: 1 }));
  await list('a');
  expect(await list('a')).toEqual(fresh({ images: [], sizeBytes: 0 }));
  expect(asked).toHaveLength(1);
});

/** A cache over a source that answers when told, which keeps pages for a while after they are fresh. */
function startSlowCache() {
  const clock = { ms: 0 };
  const { questions, ...source } = recordSource();
  const ages = { freshMs: 1000, revalidateMs: 1000, staleIfErrorMs: 10_000 };
  const bounds = { maxBytes: 1_000_000, maxPages: 1000 };
  const cache = cachePages(source, { ...plain, ...ages, ...bounds, now: () => clock.ms });
  return { clock, questions, list: (text: string) => cache.list(query(text), somebody, request) };
}

test('a refresh that arrives after the answer to a later question does not replace it', async () => {
  const { clock, questions, list } = startSlowCache();
  const first = list('a');
  questions[0]?.succeed(pageOf('first'));
  await first;
  clock.ms = 1001;
  expect(await list('a')).toMatchObject({ images: [{ id: 'first' }], stale: { ageMs: 1001, because: 'revalidating' } });
  clock.ms = 2001;
  const third = list('a');
  questions[2]?.succeed(pageOf('third'));
  await third;
  questions[1]?.succeed(pageOf('second'));
  await turn();
  expect(await list('a')).toEqual(fresh(pageOf('third')));
  expect(questions).toHaveLength(3);
});

test('a caller who was refused while its question was on the way is not given an older page in its place', async () => {
  const { clock, questions, list } = startSlowCache();
  const first = list('a');
  questions[0]?.succeed(pageOf('first'));
  await first;
  clock.ms = 2001;
  const later = list('a');
  const refused = list('b');
  questions[2]?.fail(new UpstreamError('UNAUTHENTICATED'));
  await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  questions[1]?.fail(new UpstreamError('UPSTREAM_UNAVAILABLE'));
  await expect(later).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
});

test('what is known of callers is bounded, and a caller who is forgotten is asked for again', async () => {
  const { asked, list } = startCache({ maxPages: 3 });
  for (let i = 0; i < 5; i += 1) await list('a', { key: `caller-${i}`, token: 'x' });
  await list('a', { key: 'caller-4', token: 'x' });
  expect(asked).toHaveLength(5);
  await list('a', { key: 'caller-0', token: 'x' });
  expect(asked).toHaveLength(6);
});
