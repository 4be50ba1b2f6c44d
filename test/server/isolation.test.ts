import { expect, test } from 'vitest';
import { cachePages } from '../../src/cache/page-cache.ts';
import { shareFlights } from '../../src/cache/single-flight.ts';
import { readConfig } from '../../src/config.ts';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { createRandom } from '../../src/embedded/random.ts';
import { createEmbeddedIms } from '../../src/embedded/server.ts';
import type { Fault } from '../../src/embedded/faults.ts';
import type { SourceEvent } from '../../src/image/events.ts';
import type { ImageSource, WireImage } from '../../src/image/source.ts';
import { listenOn } from '../../src/server/listen.ts';
import { createGraphqlServer } from '../../src/server/server.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createImsClient } from '../../src/upstream/client.ts';
import { idsOf, sortedBy, visibleTo } from '../embedded/oracle.ts';
import { startTestGateway } from '../support/gateway.ts';
import { imageToCursor } from '../support/image-to-cursor.ts';

const catalogue = generateCatalogue({ seed: 7, size: 600 });
const allIds = new Set(catalogue.images.map(({ id }) => id));
const imageText = new Map(catalogue.images.map((image) => [image.id, JSON.stringify(image)]));
const visibleIds = new Map(
  [...catalogue.projects].map(([token, project]) => [
    token,
    new Set(visibleTo(project, catalogue).map(({ id }) => id)),
  ]),
);
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

interface Question {
  readonly token: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The images of the right answer. */
  readonly expected: readonly string[];
}

const document = `query ($first: Int, $after: String, $filter: ImageFilter, $orderBy: [ImageOrder!]) {
  images(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { edges { node { id raw } } }
}`;

const filters: readonly (readonly [filter: unknown, holds: (image: WireImage) => boolean])[] = [
  [{}, () => true],
  [{ type: 'PUBLIC' }, (image) => image['__imagetype'] === 'gold'],
  [{ visibility: 'PUBLIC' }, (image) => image['visibility'] === 'public'],
  [{ type: 'PRIVATE' }, (image) => image['__imagetype'] === 'private'],
  [{ type: 'SHARED' }, (image) => image['__imagetype'] === 'shared'],
];

const orderBy = { field: 'NAME', direction: 'ASC' } as const;
const first = 8;

/** The same questions by every caller, the first three pages of each; what is right is another list for each of them. */
const questions: readonly Question[] = [...catalogue.projects].flatMap(([token, project]) =>
  filters.flatMap(([filter, holds]) => {
    const list = sortedBy('name', visibleTo(project, catalogue).filter(holds));
    return [0, first, 2 * first].flatMap((at): Question[] => {
      const before = at === 0 ? null : list[at - 1];
      if (before === undefined) return [];
      const after = before === null ? null : imageToCursor(before, orderBy);
      return [{ token, variables: { first, after, filter, orderBy }, expected: idsOf(list.slice(at, at + first)) }];
    });
  }),
);

/** What of an answer's whole text is not this caller's to know; empty where all is well. */
function foreignTo(token: string, text: string): string[] {
  const own = visibleIds.get(token);
  const ids = (text.match(uuid) ?? []).filter((id) => allIds.has(id) && !own?.has(id));
  return [...ids, ...[...catalogue.projects.keys()].filter((one) => text.includes(`"${one}"`))];
}

interface Tally {
  right: number;
  failed: number;
  stale: number;
  /** Answers that hold what another caller alone may see, or that are not the page that was asked for. */
  readonly bad: string[];
}

/** Asks so many questions of all callers by chance, `together` at a time, and judges every byte of every answer. */
async function askInterleaved(url: string, count: number, together: number): Promise<Tally> {
  const random = createRandom(11);
  const tally: Tally = { right: 0, failed: 0, stale: 0, bad: [] };
  let asked = 0;
  const askOne = async ({ token, variables, expected }: Question): Promise<void> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': token },
      body: JSON.stringify({ query: document, variables }),
    });
    const text = await response.text();
    const { data, errors, extensions } = JSON.parse(text);
    if (extensions?.stale !== undefined) tally.stale += 1;
    const nodes: readonly { readonly node: { readonly id: string; readonly raw: unknown } }[] =
      data?.images?.edges ?? [];
    const isAltered = nodes.some(({ node }) => JSON.stringify(node.raw) !== imageText.get(node.id));
    const isRight = errors === undefined && nodes.map(({ node }) => node.id).join() === expected.join();
    const foreign = foreignTo(token, text);
    if (foreign.length > 0 || isAltered) tally.bad.push(`${token}: ${foreign.join()}`);
    else if (isRight) tally.right += 1;
    else if (errors !== undefined && data === null) tally.failed += 1;
    else tally.bad.push(`${token}: another page`);
  };
  const client = async () => {
    while (asked < count) {
      asked += 1;
      await askOne(random.pick(questions));
    }
  };
  await Promise.all(Array.from({ length: together }, client));
  return tally;
}

const faults: readonly Fault[] = [
  { kind: 'delay', ms: 30 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, headers: { 'Retry-After': '0' } },
  { kind: 'reset' },
  { kind: 'reset-body' },
  { kind: 'truncate' },
];

test.for(['off', 'on'])(
  'hundreds of interleaved questions over a slow and failing upstream: not one byte of another caller’s, sharing %s',
  async (sharing) => {
    const events: SourceEvent[] = [];
    await using gateway = await startTestGateway({
      catalogue,
      env: {
        CACHE_FRESH_MS: '100',
        CACHE_REVALIDATE_MS: '300',
        CACHE_SHARE_PUBLIC: sharing,
        IMS_MAX_CONCURRENT: '12',
        IMS_MAX_QUEUED: '16',
        IMS_BREAKER_OPEN_MS: '50',
        IMS_DEADLINE_MS: '3000',
      },
      observe: (event) => events.push(event),
    });
    const random = createRandom(5);
    for (const fault of faults) gateway.ims.faults.add(fault, { when: () => random.chance(0.08) });

    const tally = await askInterleaved(gateway.url, 800, 40);
    expect(tally.bad).toEqual([]);
    expect(tally.right + tally.failed).toBe(800);
    expect(gateway.logged).toEqual([]);
    // The ways of the cache have all been gone.
    expect(tally.right).toBeGreaterThan(400);
    expect(tally.stale).toBeGreaterThan(20);
    const seen = new Set(events.map((event) => (event.kind === 'cache' ? event.result : event.kind)));
    expect([...seen]).toEqual(expect.arrayContaining(['fresh', 'stale', 'miss', 'attempt', 'retry']));
  },
);

const asEverybody =
  (source: ImageSource): ImageSource['list'] =>
  (query, caller, request) =>
    source.list(query, { ...caller, key: 'everybody' }, request);

/** Layers that mistake one caller for another. */
const broken: readonly (readonly [string, (client: ImageSource) => ImageSource])[] = [
  [
    'a cache by query alone',
    (client) =>
      shareFlights(
        {
          list: asEverybody(
            cachePages(client, {
              maxBytes: 10_000_000,
              maxPages: 1000,
              freshMs: 1000,
              revalidateMs: 0,
              staleIfErrorMs: 0,
              sharing: null,
              now: () => performance.now(),
              observe: () => {},
            }),
          ),
        },
        () => {},
      ),
  ],
  ['single flight by query alone', (client) => ({ list: asEverybody(shareFlights(client, () => {})) })],
  [
    'a source that asks with the token of whoever came before',
    (client) => {
      let before: string | null = null;
      return {
        list(query, caller, request) {
          const token = before ?? caller.token;
          before = caller.token;
          return client.list(query, { ...caller, token }, request);
        },
      };
    },
  ],
];

test.for(broken)('the same questions find out %s', async ([, breakIt]) => {
  const ims = createEmbeddedIms({ catalogue, wallNow: Date.now });
  const { client: options, http } = readConfig({});
  const client = createImsClient({ ...options, endpoint: (await ims.listen()).url, wallNow: Date.now });
  const server = createGraphqlServer({
    source: breakIt(client),
    callers: { kind: 'forwarded', anonymousToken: null },
    graphiql: null,
    corsOrigins: [],
    trustedDocuments: null,
    apqMaxBytes: 0,
    compression: false,
    rendered: null,
    introspection: true,
    maxRequestBytes: 100_000,
    http,
    rateLimitPerMinute: 0,
    scanMaxWindows: 20,
    mounts: [],
    newRequestId: () => 'request-1',
    now: () => 0,
    observe: () => {},
    trace: (_headers, work) => work(() => {}),
    log: createLog({ level: 'silent', destination: { write: () => {} }, wallNow: () => 0 }),
  });
  const listener = await listenOn(server, '127.0.0.1', 0);
  ims.faults.add({ kind: 'delay', ms: 20 });
  const { bad } = await askInterleaved(`${listener.url}/graphql`, 400, 40);
  await listener.close(0, 1000);
  await client.close();
  await ims.close();
  expect(bad.length).toBeGreaterThan(0);
});
