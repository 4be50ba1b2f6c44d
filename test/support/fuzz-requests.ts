import { readdirSync, readFileSync } from 'node:fs';
import type { Random } from '../../src/embedded/random.ts';

/** An HTTP request to the gateway that nobody in their right mind would send, or nearly nobody. */
export interface FuzzRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'OPTIONS' | 'HEAD' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

const folder = new URL('../../examples/operations/', import.meta.url);
const documents = [
  ...readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8')),
  'mutation { x }',
  'subscription { x }',
  '{ __schema { types { fields { args { type { ofType { name } } } } } } }',
];

const oddTexts = [
  '',
  ' ',
  '0',
  '-1',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\ud800',
  '😀'.repeat(50),
  'a'.repeat(5000),
  '${7*7}',
  "' OR 1=1 --",
  '../../etc/passwd',
  'in:a,b',
  'gt:2020-01-01T00:00:00Z',
  '2020-02-30T00:00:00Z',
  'Ubuntu',
  'gold',
  'PUBLIC',
  '%00%ff%E4%B8',
  '{"a":1}',
  '[[[[[[',
  'all_granted_eps',
];

/** Names that mean something to the schema, upstream or JavaScript. */
const names = [
  'first after last before filter orderBy field direction type name os bit platform architecture supports kvm xen',
  'xenGpuType tags key value createdAt gt gte lt lte eq ne properties requirements minDiskGiB minRamMiB storage id',
  'owner status visibility memberStatus flavorId and or not __proto__ constructor length limit marker sort_key',
]
  .join(' ')
  .split(' ');

const numbers = [0, 1, -1, 2, 20, 100, 101, 1e9, 2 ** 31, 2 ** 53, 1e308, 0.5, -0];

function value(random: Random, depth = 4): unknown {
  const kind = depth === 0 ? random.bits() % 5 : random.bits() % 8;
  switch (kind) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick(numbers);
    case 3:
    case 4:
      return random.chance(0.7) ? random.pick(oddTexts) : random.pick(names);
    case 5:
      return Array.from({ length: random.bits() % 4 }, () => value(random, depth - 1));
    default:
      return object(random, depth - 1);
  }
}

const object = (random: Random, depth: number): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: random.bits() % 5 }, () => [random.pick(names), value(random, depth)]));

/** Text with some characters taken out, put in, doubled or exchanged. */
function mutate(random: Random, text: string): string {
  let mutated = text;
  for (let i = random.bits() % 6; i > 0; i -= 1) {
    const at = random.bits() % (mutated.length + 1);
    const length = random.bits() % 12;
    const piece = random.pick([
      '',
      mutated.slice(at, at + length),
      '{',
      '}',
      '(',
      ')',
      '"',
      '\\',
      '...',
      '@skip(if: $x)',
      '#',
      ':',
      '$',
      random.pick(names),
      random.pick(oddTexts),
    ]);
    mutated = mutated.slice(0, at) + piece + mutated.slice(at + (random.chance(0.5) ? length : 0));
  }
  return mutated;
}

function cursor(random: Random): string {
  const fields = ['CREATED_AT', 'NAME', 'SIZE', 'X', '', null, 7];
  const parts: unknown[] = [random.pick([1, 2, 3, '1']), random.pick(fields), random.pick(['ASC', 'DESC', 'asc'])];
  while (random.chance(0.8)) parts.push(value(random, 1));
  const text = Buffer.from(JSON.stringify(parts) ?? '').toString('base64url');
  return random.chance(0.3) ? mutate(random, text) : text;
}

const connection = `query ($first: Int, $last: Int, $after: String, $before: String, $filter: ImageFilter) {
  images(first: $first, last: $last, after: $after, before: $before, filter: $filter) {
    edges { cursor node { id name raw createdAt tags { key value } os { type features { sshKey } } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const byId = `query ($id: ID!, $ids: [ID!]!, $of: [_Any!]! = []) { _entities(representations: $of) { __typename } image(id: $id) { id } node(id: $id) { __typename } nodes(ids: $ids) { id } }`;

/** The JSON of a GraphQL request that is well-formed at least as JSON. */
function graphqlJson(random: Random): unknown {
  const maybe = (one: unknown) => (random.chance(0.4) ? one : undefined);
  switch (random.bits() % 6) {
    case 0: {
      const variables = {
        first: maybe(random.pick(numbers)),
        last: maybe(random.pick(numbers)),
        after: maybe(random.chance(0.7) ? cursor(random) : value(random)),
        before: maybe(cursor(random)),
        filter: maybe(object(random, 4)),
      };
      return { query: connection, variables };
    }
    case 1:
      return { query: byId, variables: { id: value(random, 1), ids: value(random, 2), of: maybe(value(random, 3)) } };
    case 2:
      return { query: mutate(random, random.pick(documents)), variables: value(random) };
    case 3:
      return { query: random.pick(documents), operationName: value(random, 1), extensions: value(random) };
    case 4:
      return { query: value(random), variables: value(random), operationName: value(random) };
    default:
      return value(random);
  }
}

const contentTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/graphql',
  'x',
  '',
];
const accepts = [
  'application/json',
  'application/graphql-response+json',
  'text/html',
  '*/*',
  'text/event-stream',
  'x/y',
];
const tokens = ['demo', 'demo-b', 'demo-forbidden', 'nobody', '"', 'a'.repeat(3000), 'Bearer x'];
const headerTexts = [
  'x',
  '1',
  'a b',
  "<script>alert('x')</script>",
  'é'.normalize('NFD').slice(0, 1),
  '%0d%0aSet-Cookie: a=b',
];

function headers(random: Random): Record<string, string> {
  const given: Record<string, string> = {};
  if (random.chance(0.95)) given['content-type'] = random.chance(0.8) ? 'application/json' : random.pick(contentTypes);
  if (random.chance(0.4)) given['accept'] = random.pick(accepts);
  if (random.chance(0.8)) given['x-auth-token'] = random.chance(0.7) ? 'demo' : random.pick(tokens);
  if (random.chance(0.1)) given['authorization'] = random.pick(['Bearer demo', 'Basic x', 'Bearer', '', 'demo']);
  if (random.chance(0.1)) given['x-request-id'] = random.pick(headerTexts);
  if (random.chance(0.05)) given['traceparent'] = random.pick(['00-x', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`]);
  if (random.chance(0.05)) given['accept-encoding'] = random.pick(['gzip', 'br', 'identity;q=0', ';;']);
  if (random.chance(0.05)) given['origin'] = random.pick(['https://evil.example', 'null', 'x']);
  if (random.chance(0.05)) given['if-none-match'] = random.pick(['*', 'W/"x"', '"']);
  if (random.chance(0.03)) given['cookie'] = 'session=1';
  return given;
}

function body(random: Random): string | Uint8Array {
  const json = JSON.stringify(graphqlJson(random)) ?? '';
  switch (random.bits() % 12) {
    case 0:
      return json.slice(0, random.bits() % (json.length + 1));
    case 1:
      return mutate(random, json);
    case 2:
      return Uint8Array.from({ length: random.bits() % 200 }, () => random.bits() & 0xff);
    case 3:
      return random.chance(0.02) ? 'x'.repeat(150_000) : `[${json}]`;
    default:
      return json;
  }
}

/** The next request of an endless series that the seed of `random` decides. */
export function nextFuzzRequest(random: Random): FuzzRequest {
  const all = headers(random);
  if (random.chance(0.75)) return { method: 'POST', path: '/graphql', headers: all, body: body(random) };
  const json = graphqlJson(random);
  const search = new URLSearchParams();
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    for (const [name, one] of Object.entries(json)) {
      if (one !== undefined) search.append(name, typeof one === 'string' ? one : (JSON.stringify(one) ?? ''));
    }
  }
  const list = random.pick(['/v1/cloudimages/fuzzy', '/v2/cloudimages']);
  const path = random.pick([
    `/graphql?${search}`,
    `/graphql?${search}`,
    `/graphql?${encodeURI(mutate(random, 'query={__typename}&variables={}').toWellFormed())}`,
    `${list}?${random.pick(names)}=${encodeURIComponent(random.pick(oddTexts).toWellFormed())}`,
    `${list}?limit=${random.pick(numbers)}&marker=${encodeURIComponent(random.pick(oddTexts).toWellFormed())}&sort_key=name`,
    `/${encodeURIComponent(random.pick(oddTexts).toWellFormed()).slice(0, 200)}`,
    '/health/live?x=%',
    '//graphql',
    '/graphql/%2e%2e/x',
  ]);
  const method = random.chance(0.8) ? 'GET' : random.pick(['PUT', 'OPTIONS', 'HEAD', 'DELETE'] as const);
  delete all['content-type'];
  return { method, path, headers: all, body: null };
}
