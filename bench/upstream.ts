import { once } from 'node:events';
import { createServer } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Catalogue } from '../src/embedded/catalogue.ts';
import { generateCatalogue } from '../src/embedded/generate.ts';
import { createEmbeddedIms } from '../src/embedded/server.ts';
import { readOrNull } from '../src/image/field.ts';
import { groups } from '../src/image/groups.ts';
import type { WireImage } from '../src/image/source.ts';

// The image service of the bench: the embedded one over made-up images, in a process of its own. From the environment:
// IMAGES, how many; DELAY_MS, how long each answer takes; CALLERS, how many tokens there are beside `demo`, each of a
// project of its own: caller-0, caller-1, and so on.

const [size, delayMs, callers] = ['IMAGES', 'DELAY_MS', 'CALLERS'].map((name) => Number(process.env[name] ?? 0)) as [
  number,
  number,
  number,
];

const fields = groups.flatMap((group) => Object.values(group.fields));

/** Without the attributes that no gateway could decode: answers with errors would not be kept, by anybody. */
const withoutMalformed = (image: WireImage): WireImage => {
  const malformed = fields.filter((field) => image[field.wire] !== undefined && isUnreadable(field, image));
  const wires = new Set(malformed.map(({ wire }) => wire));
  return { ...Object.fromEntries(Object.entries(image).filter(([name]) => !wires.has(name))), id: image.id };
};

const isUnreadable = (field: (typeof fields)[number], image: WireImage): boolean => {
  const wire = image[field.wire];
  return wire !== null && wire !== '' && readOrNull(field, image) === null && field.kind.whenAbsent === null;
};

const names = Array.from({ length: callers }, (_, number) => `caller-${number}`);
const generated = generateCatalogue({ seed: 1, size });
const catalogue: Catalogue = {
  ...generated,
  images: generated.images.map(withoutMalformed),
  projects: new Map([...generated.projects, ...names.map((name) => [name, `project-of-${name}`] as const)]),
};
const ims = createEmbeddedIms({ catalogue, wallNow: Date.now });
const { url: imsUrl } = await ims.listen();

/**
 * Answers that were worked out already. What is measured are gateways, and the embedded service would be the slower part of
 * a question: so one that differs from another only in a moment that all images are younger than is not worked out again.
 */
const answers = new LRUCache<string, Promise<Answered>>({ max: 2000 });
const withoutSince = (path: string): string => path.replace(/(?<=[?&])created_at=gte%3A(?:19|200)[^&]*&?/, '');

interface Answered {
  readonly status: number;
  readonly bytes: Uint8Array;
}

async function workOut(path: string, token: string): Promise<Answered> {
  const response = await fetch(imsUrl + path, { headers: { 'x-auth-token': token } });
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}

const server = createServer((request, response) => {
  const path = request.url ?? '/';
  const token = String(request.headers['x-auth-token'] ?? '');
  const key = `${token} ${withoutSince(path)}`;
  const answer = answers.get(key) ?? workOut(path, token);
  answers.set(key, answer);
  const send = ({ status, bytes }: Answered) =>
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
  answer.then(
    (answered) => (delayMs === 0 ? send(answered) : setTimeout(send, delayMs, answered)),
    () => response.destroy(),
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
process.stdout.write(`http://127.0.0.1:${address.port}\n`);
