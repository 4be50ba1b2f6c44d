import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse, specifiedRules, validate } from 'graphql';
import { subgraphSchema } from '../../src/schema/index.ts';

export interface SuiteOperation {
  readonly text: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

const root = new URL('../../', import.meta.url).pathname;

/** Every operation that stands in the examples, the documentation and the tests, as far as it is a text by itself. */
export function suiteOperations(): readonly SuiteOperation[] {
  const examples = readdirSync(join(root, 'examples/operations')).map((file) => read(`examples/operations/${file}`));
  const prose = [...globSync('docs/**/*.md', { cwd: root }), 'README.md'].flatMap((file) =>
    [...read(file).matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']) => text),
  );
  const tests = globSync('test/**/*.ts', { cwd: root, exclude: ['test/consumers/node_modules/**'] }).flatMap((file) =>
    [...read(file).matchAll(/`([^`]*\{[^`]*)`|'([^'\n]*\{[^'\n]*)'/g)].map(([, one, other]) => one ?? other ?? ''),
  );
  const texts = new Set([...examples, ...prose, ...tests].map((text) => text.trim()));
  return [...texts].flatMap(toOperations);
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The operations of a text; none where it is no document of the schema. */
export function toOperations(text: string): SuiteOperation[] {
  try {
    const document = parse(text);
    if (validate(subgraphSchema, document, specifiedRules).length > 0) return [];
    return document.definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [{ text, document, operation: definition }] : [],
    );
  } catch {
    return [];
  }
}
