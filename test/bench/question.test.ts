import { parse, print, validate } from 'graphql';
import { expect, test } from 'vitest';
import { imagesToRows, questionToListBody } from '../../bench/list-question.ts';
import { argumentsOf, questionToUpstream, toQuestion } from '../../bench/question.ts';
import { questionToShape, schema } from '../../bench/shape.ts';
import { since, withAlias, withSwitches } from '../../bench/varied-question.ts';
import { generateCatalogue } from '../../src/embedded/generate.ts';

const operation = `query Mine($size: Int!, $with: Boolean!) {
  images(first: $size, filter: { type: PUBLIC }) { edges { node { id name @include(if: $with) os { platform features { sshKey } } } } }
}`;
const question = toQuestion(parse(operation), { size: 7, with: true });

test('what a page is asked for with becomes variables, whatever it was, and the operation stays valid', () => {
  expect(argumentsOf(question)).toMatchObject({ first: 7, filter: { type: 'PUBLIC' } });
  expect(question.variables).toMatchObject({ with: true });
  expect(validate(schema, question.document)).toEqual([]);
  expect(question.isPage).toBe(true);
});

test('a question since a moment keeps what else it filters by, and is one upstream request', () => {
  const later = since(question, '2001-02-03T04:05:06Z');
  expect(questionToUpstream(later)).toEqual({
    query: '__imagetype=gold&created_at=gte%3A2001-02-03T04%3A05%3A06Z&limit=8&sort_dir=desc&sort_key=created_at',
    parameters: expect.arrayContaining([['__imagetype', 'gold']]),
    size: 7,
  });
});

test('switches leave out all fields of an image but the first and those that have one, each by a variable', () => {
  const switched = withSwitches(question, (number) => `value ${number}`);
  expect(validate(schema, switched.document)).toEqual([]);
  expect(switched.variables).toMatchObject({ field_0: 'value 0', field_1: 'value 1' });
  expect(switched.variables).not.toHaveProperty('field_2');
});

test('an alias renames the page alone', () => {
  expect(print(withAlias(question, 'other').document)).toContain('other: images(');
});

test('an operation that asks for more than a page is not one for the peers', () => {
  expect(toQuestion(parse('{ image(id: "x") { id } }'), {}).isPage).toBe(false);
  expect(toQuestion(parse('{ images { edges { node { id } } } image(id: "x") { id } }'), {}).isPage).toBe(false);
});

test('two operations in one document are refused', () => {
  expect(() => toQuestion(parse('query A { a } query B { b }'), {})).toThrow('Expected a document with one operation.');
});

test('an order that upstream lacks cannot be asked of the peers', () => {
  const other = toQuestion(parse('{ images(orderBy: { field: UPDATED_AT }) { edges { node { id } } } }'), {});
  expect(() => questionToUpstream(other)).toThrow('Expected a page of one upstream request.');
});

test('the peers’ schema has what is asked for and no more, and their images what it shows', () => {
  const { sdl, toImage } = questionToShape(question);
  expect(sdl).toContain('platform: String');
  expect(sdl).not.toMatch(/^  (version|totalCount|nodes)\b/m);
  const [image] = generateCatalogue({ seed: 1, size: 1 }).images;
  const wire = { ...image, id: 'image-1', name: 'one', __platform: 'Ubuntu', __os_feature_list: '{"ssh_key": "true"}' };
  expect(toImage(wire)).toMatchObject({
    id: 'image-1',
    name: 'one',
    os: { platform: 'Ubuntu', features: { sshKey: true } },
  });
});

test('an OpenAPI gateway cannot be asked for what the list does not tell', () => {
  const counted = toQuestion(parse('{ images { totalCount edges { node { id } } } }'), {});
  expect(() => questionToListBody(counted)).toThrow('totalCount: expected nothing beside the images');
});

test('the list of an OpenAPI gateway is asked for the same attributes, and as many images', () => {
  const { query, variables } = JSON.parse(questionToListBody(since(question, '2001-02-03T04:05:06Z')));
  expect(query).toMatch(/images \{\s+id \s+name @include\(if: \$with\)\s+_0platform \s+_0os_feature_list/);
  expect(variables).toMatchObject({ limit: 7, _0imagetype: 'gold', created_at: 'gte:2001-02-03T04:05:06Z' });
});

test('who answers with rows is compared under the names that the operation gives', () => {
  const renamed = toQuestion(
    parse('query ($with: Boolean!) { images { edges { node { called: name os { platform @include(if: $with) } } } } }'),
    { with: false },
  );
  const [image] = generateCatalogue({ seed: 1, size: 1 }).images;
  expect(imagesToRows([{ ...image, id: 'image-1', name: 'one' }], renamed)).toEqual([{ called: 'one', os: {} }]);
  const { query, variables } = JSON.parse(questionToListBody(renamed));
  expect(query).toContain('$with: Boolean!');
  expect(variables).toMatchObject({ with: false });
});
