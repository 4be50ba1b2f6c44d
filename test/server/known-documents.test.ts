import { expect, test } from 'vitest';
import { subgraphSchema as schema } from '../../src/schema/index.ts';
import { createKnownDocuments } from '../../src/server/direct/known-documents.ts';
import { readPlainDocument } from '../../src/server/direct/read-plain-document.ts';

/** Known documents, and what was read for them since it was last asked. */
function countedDocuments() {
  let reads = 0;
  const documents = createKnownDocuments({
    schema,
    read: (text) => {
      reads += 1;
      return readPlainDocument(schema, text);
    },
  });
  const takeReads = (): number => {
    const taken = reads;
    reads = 0;
    return taken;
  };
  return { documents, takeReads };
}

const page = (first: number): string => `query Page { images(first: ${first}) { totalCount } }`;

test('a text is read when it comes first and again, and is known from then on', () => {
  const { documents, takeReads } = countedDocuments();
  expect(documents.find(page(1), null)?.operation.name?.value).toBe('Page');
  expect(documents.find(page(1), 'Page')?.operation.name?.value).toBe('Page');
  expect(takeReads()).toBe(2);
  const known = documents.find(page(1), null);
  expect(documents.find(page(1), null)).toBe(known);
  expect(takeReads()).toBe(0);
});

test('texts that come once push out none that comes again', () => {
  const { documents, takeReads } = countedDocuments();
  documents.find(page(1), null);
  documents.find(page(1), null);
  for (let first = 2; first < 3000; first += 1) documents.find(page(first), null);
  takeReads();
  expect(documents.find(page(1), null)).not.toBeNull();
  expect(takeReads()).toBe(0);
});

test('each operation of a text is compiled by itself, and a name of none is none', () => {
  const { documents, takeReads } = countedDocuments();
  const text = 'query One { __typename } query Two { images { totalCount } }';
  for (let time = 0; time < 3; time += 1) {
    expect(documents.find(text, 'One')?.operation.name?.value).toBe('One');
    expect(documents.find(text, 'Two')?.operation.name?.value).toBe('Two');
    expect(documents.find(text, 'Three')).toBeNull();
    expect(documents.find(text, null)).toBeNull();
  }
  expect(takeReads()).toBe(2);
});

test('a text that is none is read whenever it comes', () => {
  const { documents, takeReads } = countedDocuments();
  for (let time = 0; time < 3; time += 1) expect(documents.find('{ nothing }', null)).toBeNull();
  expect(takeReads()).toBe(3);
});
