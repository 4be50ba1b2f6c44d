import { parseArgs } from 'node:util';
import { generateCatalogue } from '../src/embedded/generate.ts';
import { startTestGateway, type TestGateway } from '../test/support/gateway.ts';

// What a page costs that upstream can answer, and one that the gateway must decide, over catalogues of three sizes: the
// median latency and the upstream requests, with nothing kept and with everything kept. The embedded service runs in the
// same process, so its work counts too.

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, sizes: { type: 'string', default: '1000,10000,100000' } },
});
const rounds = Number(options.rounds);

const node = 'edges { node { id name createdAt os { platform version } requirements { minDiskGiB } } }';
const cases: readonly (readonly [title: string, query: string])[] = [
  ['pushed down: type, newest first', `{ images(first: 20, filter: { type: PUBLIC }) { ${node} } }`],
  [
    'pushed down: platform, by name',
    `{ images(first: 20, filter: { os: { platform: "Ubuntu" } }, orderBy: { field: NAME, direction: ASC }) { ${node} } }`,
  ],
  [
    'decided here, one row in four: name contains',
    `{ images(first: 20, filter: { nameMatches: { contains: "ubuntu" } }) { ${node} } }`,
  ],
  [
    'decided here, rare: a shared image of 2024 with two tags',
    `{ images(first: 20, filter: { type: [SHARED, PRIVATE], tagsAll: [{ key: "app", value: "web" }, { key: "stage", value: "prod" }], createdAt: { gte: "2024-01-01T00:00:00Z" } }) { ${node} } }`,
  ],
  ['an order of its own: by update', `{ images(first: 20, orderBy: { field: UPDATED_AT }) { ${node} } }`],
  ['count', '{ images(first: 1, filter: { nameMatches: { contains: "ubuntu" } }) { totalCount } }'],
  [
    'facets of a filter',
    '{ images(first: 1, filter: { type: PUBLIC, os: { platform: "Ubuntu" } }) { facets { platform { value count } osVersion { value count } type { value count } } } }',
  ],
];

interface Measured {
  readonly medianMs: number;
  readonly requests: number;
  readonly rowsRead: number;
  /** Whether the request ended at the most windows that it may read. */
  readonly isCutShort: boolean;
}

async function measure(gateway: TestGateway, query: string): Promise<Measured> {
  const times: number[] = [];
  let upstream: any = {};
  let code: unknown;
  for (let i = 0; i < rounds; i += 1) {
    const started = performance.now();
    const { extensions, errors } = await gateway.askWhole(query);
    times.push(performance.now() - started);
    upstream = extensions?.['upstream'] ?? upstream;
    code = errors?.[0]?.extensions?.code;
    if (code !== undefined && code !== 'SCAN_BUDGET_EXCEEDED')
      throw new Error(`Expected an answer, but received ${JSON.stringify(errors)}.`);
  }
  return {
    medianMs: times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0,
    requests: upstream.requests ?? 0,
    rowsRead: upstream.rowsRead ?? 0,
    isCutShort: upstream.incomplete !== undefined || code !== undefined,
  };
}

process.stdout.write(
  '| images | query | nothing kept: ms | upstream requests | rows read | all kept: ms | upstream requests |\n',
);
process.stdout.write('| ---: | --- | ---: | ---: | ---: | ---: | ---: |\n');
for (const size of options.sizes.split(',').map(Number)) {
  const catalogue = generateCatalogue({ seed: 1, size });
  await using cold = await startTestGateway({ catalogue, env: { CACHE_FRESH_MS: '0' } });
  await using warm = await startTestGateway({ catalogue, env: { CACHE_FRESH_MS: '600000' } });
  for (const [title, query] of cases) {
    process.stderr.write(`\r${size} images: ${title}                         `);
    await measure(warm, query);
    const [without, kept] = [await measure(cold, query), await measure(warm, query)];
    const note = without.isCutShort ? ' *' : '';
    const row = [
      size,
      title + note,
      without.medianMs.toFixed(1),
      without.requests,
      without.rowsRead,
      kept.medianMs.toFixed(1),
      kept.requests,
    ];
    process.stdout.write(`| ${row.join(' | ')} |\n`);
  }
}
process.stderr.write('\n');
process.stdout.write(
  '\n\\* ended at the most list windows that one request may read (`SCAN_MAX_WINDOWS`), and says so.\n',
);
