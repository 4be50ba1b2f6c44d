import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { groups } from '../src/image/groups.ts';
import { windowParameters } from '../src/image/order.ts';

const root = join(import.meta.dirname, '..', 'src');
const files = globSync('**/*.ts', { cwd: root }).map((file) => ({
  file,
  text: readFileSync(join(root, file), 'utf8'),
}));

/** The folder of a file, or the file itself where it stands at the top. */
const part = (file: string): string => file.split('/')[0] ?? file;

const mayImport: Readonly<Record<string, readonly string[]>> = {
  image: [],
  'pace.ts': [],
  query: ['image'],
  cache: ['image'],
  upstream: ['image', 'pace.ts'],
  resilience: ['image'],
  embedded: ['image'],
  scan: ['query', 'image', 'pace.ts'],
  schema: ['scan', 'query', 'image'],
  telemetry: ['image'],
  server: ['schema', 'scan', 'image', 'telemetry'],
  config: ['upstream', 'image', 'server', 'telemetry'],
  'config.ts': ['config', 'upstream'],
  assembly: ['cache', 'config.ts', 'embedded', 'image', 'resilience', 'schema', 'server', 'telemetry'],
  'gateway.ts': ['assembly', 'config.ts', 'server', 'telemetry', 'upstream'],
  'process.ts': ['config.ts', 'gateway.ts', 'telemetry'],
  'main.ts': ['process.ts'],
};

const importsOf = ({ file, text }: (typeof files)[number]): string[] =>
  [...text.matchAll(/(?:from|import)[\s(]+['"`](\.[^'"`]+)/g)]
    .map(([, from = '']) => relative(root, join(root, dirname(file), from)))
    .map(part);

test('every folder has its rule', () => {
  expect(files.length).toBeGreaterThan(30);
  expect([...new Set(files.map(({ file }) => part(file)))].filter((name) => !(name in mayImport))).toEqual([]);
});

test('folders import only what stands below them', () => {
  const arrows = files.flatMap((one) =>
    importsOf(one)
      .filter((to) => to !== part(one.file) && !mayImport[part(one.file)]?.includes(to))
      .map((to) => `${one.file} -> ${to}`),
  );
  expect(arrows).toEqual([]);
});

test('the vocabulary and the planner know no GraphQL and no HTTP', () => {
  const libraries = files
    .filter(({ file }) => ['image', 'query'].includes(part(file)))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/from '([^.'][^']*)'/g)].map(([, library]) => `${file} -> ${library}`),
    );
  expect(libraries).toEqual([]);
});

test('upstream spellings stand in image/ and embedded/ only', () => {
  const wires = groups.flatMap(({ fields, criteria }) => [
    ...Object.values(fields).map(({ wire }) => wire),
    ...Object.values(criteria).flatMap(({ parameter }) => parameter ?? []),
  ]);
  // Words such as `name` and `id` are everybody's.
  const telling = [...new Set([...wires, ...windowParameters])].filter((wire) => wire.includes('_'));
  const spelling = new RegExp(`\\b(${telling.join('|')})\\b`);
  const elsewhere = files.filter(({ file }) => !['image', 'embedded'].includes(part(file)));

  expect(telling.length).toBeGreaterThan(50);
  expect(elsewhere.filter(({ text }) => spelling.test(text)).map(({ file }) => file)).toEqual([]);
});

test('nothing ambient: the environment, the clock and chance are read at the edge only', () => {
  const ambient = /process\.env|Date\.now|Math\.random|performance\.now|new Date\(\)/;
  expect(files.filter(({ text }) => ambient.test(text)).map(({ file }) => file)).toEqual(['process.ts']);
});
