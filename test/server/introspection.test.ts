import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

const off = { env: { INTROSPECTION: 'off' } };

test('switched off, nobody is told the schema; __typename stays', async () => {
  await using gateway = await startTestGateway(off);
  for (const query of [getIntrospectionQuery(), '{ __schema { description } }', '{ __type(name: "Image") { name } }']) {
    const { data, errors } = await gateway.ask(query);
    expect(data).toBeUndefined();
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('introspection'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  }
  expect(await gateway.ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
});

const nearMisses: [string, string, object?][] = [
  ['a field', '{ imagess { edges { cursor } } }'],
  ['an argument', '{ images(filtr: null) { edges { cursor } } }'],
  ['a field of a filter', '{ images(filter: { typ: PUBLIC }) { edges { cursor } } }'],
  ['an enum value', '{ images(filter: { type: PUBLI }) { edges { cursor } } }'],
  ['a type', '{ image(id: "x") { ... on Imag { id } } }'],
  [
    'a field of a filter in a variable',
    'query ($f: ImageFilter) { images(filter: $f) { edges { cursor } } }',
    { f: { typ: 'PUBLIC' } },
  ],
  [
    'an enum value in a variable',
    'query ($f: ImageFilter) { images(filter: $f) { edges { cursor } } }',
    { f: { type: 'PUBLI' } },
  ],
];

test.each(nearMisses)('switched off, a misspelt name of %s is not corrected', async (_what, query, variables = {}) => {
  await using gateway = await startTestGateway(off);
  const { errors } = await gateway.ask(query, variables as Record<string, unknown>);
  expect(errors).toHaveLength(1);
  expect(errors?.[0]?.message).not.toContain('Did you mean');
});

test('by default names are corrected', async () => {
  await using gateway = await startTestGateway();
  for (const [, query, variables = {}] of nearMisses) {
    const { errors } = await gateway.ask(query, variables as Record<string, unknown>);
    expect(errors?.[0]?.message).toContain('Did you mean');
  }
});
