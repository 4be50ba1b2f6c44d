import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getNamedType, isLeafType, isObjectType, Kind, parse } from 'graphql';
import { groups } from '../src/image/groups.ts';
import type { ImagePage, WireImage } from '../src/image/source.ts';
import { subgraphSchema } from '../src/schema/index.ts';
import { compileOperation } from '../src/server/compiled/compile-operation.ts';
import { createContext } from '../src/server/context.ts';
import { loadSampleCatalogue } from '../src/embedded/catalogue.ts';
import { generateCatalogue } from '../src/embedded/generate.ts';
import { bodyToPage } from '../src/upstream/answer.ts';
import { createKnownImages } from '../src/upstream/known-images.ts';

// How much memory kept pages take, as a multiple of the bytes that upstream sent and the cache counts: read, and
// with the texts of attributes that stay with them once they are asked for again. Then the same of known images.

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const PAGES = 300;

const schema = subgraphSchema;

/** Selects every attribute of a type of images. */
function everyAttribute(typeName: string): string {
  const type = schema.getType(typeName);
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  return fields
    .filter(({ name }) => name !== 'raw')
    .map(({ name, type: of }) => {
      if (isLeafType(getNamedType(of))) return name;
      const group = groups.find((one) => one.name === name);
      return group === undefined ? '' : `${name} { ${everyAttribute(group.type)} }`;
    })
    .join(' ');
}

const selections = {
  'ten attributes':
    'id name status createdAt os { platform version } requirements { minDiskGiB minRamMiB } storage { diskFormat sizeBytes }',
  'every attribute': everyAttribute('Image'),
};

/** Asks for attributes of the images of kept pages. */
async function askFor(selection: string, pages: readonly ImagePage[]): Promise<void> {
  const document = parse(`query ($first: Int) { images(first: $first) { edges { node { ${selection} } } } }`);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('expected an operation');
  const compiled = compileOperation(schema, document, operation);
  const { signal } = new AbortController();
  for (const page of pages) {
    const source = { list: async () => ({ ...page, requests: 0 }) };
    const context = createContext(source, { key: 'caller', token: null }, { id: '1', signal }, 20);
    // It ends at the first malformed attribute; a generated catalogue has some.
    await Promise.resolve(compiled?.run(context, { first: Math.min(100, page.images.length) })).catch(() => {});
  }
}

async function factorsOf(images: readonly WireImage[], size: number): Promise<readonly number[]> {
  const bodies = Array.from({ length: PAGES }, (_, number) => {
    const page = Array.from({ length: size }, (_one, at) => images[(number * size + at) % images.length]);
    return Buffer.from(JSON.stringify({ images: page }));
  });
  const before = heapBytes();
  const pages = await Promise.all(bodies.map(async (body) => bodyToPage(body, {}, createKnownImages(0))));
  const sent = pages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const factors = [(heapBytes() - before) / sent];
  for (const selection of Object.values(selections)) {
    // Texts stay from the second time on.
    for (let time = 0; time < 2; time += 1) await askFor(selection, pages);
    factors.push((heapBytes() - before) / sent);
  }
  return factors;
}

const catalogues = {
  'the sample catalogue': loadSampleCatalogue().images,
  'a generated catalogue': generateCatalogue({ seed: 1, size: 20_000 }).images,
};
const columns = [
  'images on a page',
  'in',
  'with their images at hand',
  ...Object.keys(selections).map((one) => `asked again for ${one}`),
];
process.stdout.write(`| ${columns.join(' | ')} |\n|${' --- |'.repeat(columns.length)}\n`);
for (const [name, images] of Object.entries(catalogues)) {
  for (const size of [21, 101, 500]) {
    const factors = await factorsOf(images, size);
    process.stdout.write(`| ${[size, name, ...factors.map((factor) => factor.toFixed(2))].join(' | ')} |\n`);
  }
}

const KNOWN_BYTES = 8 * 2 ** 20;

/** Memory of as many known images as may be, as multiples of what they count as. */
async function knownFactorsOf(images: readonly WireImage[]): Promise<readonly number[]> {
  const bodies = Array.from({ length: 250 }, (_, page) =>
    Buffer.from(
      JSON.stringify({ images: Array.from({ length: 20 }, (_one, at) => images[(page * 20 + at) % images.length]) }),
    ),
  );
  const before = heapBytes() + process.memoryUsage().arrayBuffers;
  const known = createKnownImages(KNOWN_BYTES);
  const factor = () => (heapBytes() + process.memoryUsage().arrayBuffers - before) / known.size().bytes;
  for (const body of bodies) for (let time = 0; time < 2; time += 1) await bodyToPage(body, {}, known);
  const factors = [factor()];
  for (const selection of Object.values(selections)) {
    for (let time = 0; time < 2; time += 1) {
      for (const body of bodies) await askFor(selection, [await bodyToPage(body, {}, known)]);
    }
    factors.push(factor());
  }
  return factors;
}

const knownColumns = ['known images', 'read', ...Object.keys(selections).map((one) => `asked again for ${one}`)];
process.stdout.write(`\n| ${knownColumns.join(' | ')} |\n|${' --- |'.repeat(knownColumns.length)}\n`);
const factors = await knownFactorsOf(catalogues['a generated catalogue']);
process.stdout.write(`| a generated catalogue | ${factors.map((factor) => factor.toFixed(2)).join(' | ')} |\n`);
