import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { WireImage } from '../src/image/source.ts';
import { loadSampleCatalogue } from '../src/embedded/catalogue.ts';
import { generateCatalogue } from '../src/embedded/generate.ts';
import { bodyToPage } from '../src/upstream/answer.ts';

// How much memory kept pages take, as a multiple of the bytes that upstream sent and the cache counts.

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const PAGES = 300;

function factorOf(images: readonly WireImage[], size: number): number {
  const bodies = Array.from({ length: PAGES }, (_, number) => {
    const page = Array.from({ length: size }, (_one, at) => images[(number * size + at) % images.length]);
    return Buffer.from(JSON.stringify({ images: page }));
  });
  const before = heapBytes();
  const pages = bodies.map((body) => bodyToPage(body, {}));
  const taken = heapBytes() - before;
  return taken / pages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

const catalogues = {
  'the sample catalogue': loadSampleCatalogue().images,
  'a generated catalogue': generateCatalogue({ seed: 1, size: 20_000 }).images,
};
process.stdout.write('| images on a page | in | memory by bytes on the wire |\n| --- | --- | --- |\n');
for (const [name, images] of Object.entries(catalogues)) {
  for (const size of [21, 101, 500]) {
    process.stdout.write(`| ${size} | ${name} | ${factorOf(images, size).toFixed(2)} |\n`);
  }
}
