import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/embedded/random.ts';
import { subgraphSchema as schema } from '../../src/schema/index.ts';
import { readPlainDocument } from '../../src/server/direct/read-plain-document.ts';
import { mutatedText } from '../support/mutated-text.ts';
import { randomOperation } from '../support/random-operation.ts';
import { suiteOperations } from '../support/suite-operations.ts';
import { validIn } from '../support/valid-documents.ts';

const isValid = validIn(schema);
const isPlain = (text: string): boolean => readPlainDocument(schema, text) !== null;

/** How many texts there are of each kind. Fails at one that is plainly valid, but not valid. */
function tally(texts: readonly string[]) {
  const counts = { plain: 0, valid: 0, invalid: 0 };
  for (const text of texts) {
    const isSaidToBe = isPlain(text);
    const is = isValid(text);
    if (isSaidToBe) expect(is, text).toBe(true);
    // It is worth nothing unless it knows what clients send.
    else if (!isLeftOut(text)) expect(is, text).toBe(false);
    counts[isSaidToBe ? 'plain' : is ? 'valid' : 'invalid'] += 1;
  }
  return counts;
}

/** What is left to graphql's own validation though it is valid: questions about the schema, and objects as JSON literals. */
const isLeftOut = (text: string): boolean => /__schema|__type\b|_entities *\( *representations *: *\[ *\{/.test(text);

const isSyntax = (text: string): boolean => {
  try {
    return parse(text).kind.length > 0;
  } catch {
    return false;
  }
};

test('no other plugin has a rule of its own', () => {
  const root = new URL('../../src/', import.meta.url).pathname;
  const rule = /\b(addValidationRule|onValidate|setValidationFn|onParse|setParseFn|addPlugin)\b/;
  const files = globSync('**/*.ts', { cwd: root }).filter((file) => rule.test(readFileSync(join(root, file), 'utf8')));
  expect(files.toSorted()).toEqual([
    'server/plugins/use-limits.ts',
    'server/plugins/use-no-introspection.ts',
    'server/plugins/use-queries-only.ts',
  ]);
});

const suite = [...new Set(suiteOperations().map(({ text }) => text))];

test('every valid operation of the suite that asks for images is plainly valid', () => {
  const { plain } = tally(suite);
  expect(plain).toBeGreaterThan(80);
});

test('operations by chance are plainly valid if they are valid, and only then', () => {
  const random = createRandom(21);
  const { plain, invalid } = tally(Array.from({ length: 2000 }, () => randomOperation(random)));
  expect(plain).toBeGreaterThan(400);
  expect(invalid).toBeGreaterThan(400);
}, 60_000);

test('operations with a few mistakes by chance are plainly valid only if they are valid', () => {
  const random = createRandom(22);
  const valid = [...suite, ...Array.from({ length: 100 }, () => randomOperation(random)).filter(isPlain)];
  const texts = Array.from({ length: 12_000 }, () => mutatedText(random.pick(valid), random)).filter(isSyntax);
  const counts = tally(texts);
  expect(counts.plain).toBeGreaterThan(500);
  expect(counts.invalid).toBeGreaterThan(3000);
}, 60_000);
