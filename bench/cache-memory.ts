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
// with the texts of attributes that stay with them once they are asked for again.

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
  const pages = bodies.map((body) => bodyToPage(body, {}, createKnownImages(0)));
  const sent = pages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const factors = [(heapBytes() - before) / sent];
  for (const selection of Object.values(selections)) {
    await askFor(selection, pages);
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
