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

interface Answered {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** Most pages that are worked out for one question. */
const MAX_PAGES = 20;

/**
 * Answers that were worked out already, by caller and question. What is measured are gateways, and the embedded service
 * would be the slower part of a question: so questions that differ only in a moment that all images are younger than are one
 * question here. The moments of a load are answered with one of its pages after the other, as other filters give other
 * images; those by which answers are compared, which are later, with the first one.
 */
const answers = new LRUCache<string, Promise<readonly Answered[]>>({ max: 2000 });

const END_OF_LOADS = Date.UTC(1999, 0);
const SINCE = /(?<=[?&])created_at=gte%3A((?:19|200)[^&]*)&?/;

async function workOut(path: string, token: string): Promise<Answered> {
  const response = await fetch(imsUrl + path, { headers: { 'x-auth-token': token } });
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** How many images further each page begins. */
const STEP = 20;

/** Pages of a question that begin at the same images whatever their size is, as not everybody asks for one image more. */
async function workOutPages(path: string, token: string): Promise<readonly Answered[]> {
  const limit = Number(new URL(path, imsUrl).searchParams.get('limit'));
  const whole = await workOut(path.replace(/(?<=[?&]limit=)\d+/, '500'), token);
  if (whole.status !== 200) return [whole];
  const images: readonly WireImage[] = JSON.parse(Buffer.from(whole.bytes).toString()).images;
  const markers = images
    .slice(0, Math.max(0, images.length - limit))
    .filter((_image, at) => (at + 1) % STEP === 0)
    .slice(0, MAX_PAGES - 1)
    .map(({ id }) => `${path}${path.includes('?') ? '&' : '?'}marker=${id}`);
  return Promise.all([path, ...markers].map((one) => workOut(one, token)));
}

async function answerTo(path: string, token: string): Promise<Answered> {
  const since = SINCE.exec(path)?.[1];
  const question = path.replace(SINCE, '');
  const key = `${since === undefined} ${token} ${question}`;
  const known = answers.get(key);
  const pages =
    known ?? (since === undefined ? workOut(path, token).then((page) => [page]) : workOutPages(question, token));
  if (known === undefined) answers.set(key, pages);
  const moment = since === undefined ? END_OF_LOADS : Date.parse(decodeURIComponent(since));
  const all = await pages;
  return all[moment < END_OF_LOADS ? (moment / 1000) % all.length : 0] as Answered;
}

const server = createServer((request, response) => {
  const send = ({ status, bytes }: Answered) =>
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
  answerTo(request.url ?? '/', String(request.headers['x-auth-token'] ?? '')).then(
    (answered) => (delayMs === 0 ? send(answered) : setTimeout(send, delayMs, answered)),
    () => response.destroy(),
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
process.stdout.write(`http://127.0.0.1:${address.port}\n`);
