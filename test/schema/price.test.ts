import { OperationTypeNode } from 'graphql';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/embedded/random.ts';
import { operationCost, plannedCost } from '../../src/schema/cost.ts';
import { subgraphSchema as schema } from '../../src/schema/index.ts';
import { createContext } from '../../src/server/context.ts';
import { randomOperation } from '../support/random-operation.ts';
import { type SuiteOperation, suiteOperations, toOperations } from '../support/suite-operations.ts';

const context = createContext(
  { list: () => Promise.reject(new TypeError('asked for a price only')) },
  null,
  { id: '1', signal: new AbortController().signal },
  20,
);

const variableSets = [
  {},
  { id: 'x', no: false, first: 2, last: 3, n: 4, count: 5, ids: ['a', 'b'], by: ['NAME'] },
  { id: 'x', no: true, first: null, last: null, n: null, count: null, ids: [] },
  { id: 'x', no: true, first: 5000, n: 100, ids: 'one', filter: { type: 'PRIVATE' } },
  { id: 7, no: false, first: -1, n: 0 },
];

/** How many different costs there are; fails where the price of an operation is not what Pothos counts. */
function compare(operations: readonly SuiteOperation[]): number {
  const costs = new Set<number>();
  for (const { text, document, operation } of operations) {
    // Twice over, as costs are remembered by the values of variables.
    for (const variables of [...variableSets, ...variableSets]) {
      const counted = operationCost({ schema, document, operationName: operation.name?.value, variables, context });
      // Variables that cannot be used: Pothos has no cost, and there is no answer that would tell one.
      if (counted === null && operation.variableDefinitions?.length !== 0) continue;
      expect(plannedCost({ schema, document, variables, context }, operation), text).toBe(counted);
      if (counted !== null) costs.add(counted);
    }
  }
  return costs.size;
}

test('every query of the suite costs what Pothos counts', () => {
  const queries = suiteOperations().filter(({ operation }) => operation.operation === OperationTypeNode.QUERY);
  expect(compare(queries)).toBeGreaterThan(20);
});

test('operations by chance, with fragments, aliases and variables, cost what Pothos counts', () => {
  const random = createRandom(31);
  const operations = Array.from({ length: 2500 }, () => randomOperation(random)).flatMap(toOperations);
  expect(operations.length).toBeGreaterThan(600);
  expect(compare(operations)).toBeGreaterThan(200);
}, 60_000);

test.each([
  ['a page by its size', '{ images(first: 7) { edges { node { id } } } }', {}, 10 + 7 * 3],
  ['a page by a variable', 'query ($n: Int) { images(first: $n) { edges { node { id } } } }', { n: 7 }, 10 + 7 * 3],
  ['a page by a default', 'query ($n: Int = 5) { images(first: $n) { edges { node { id } } } }', {}, 10 + 5 * 3],
  [
    'a page of no size',
    'query ($n: Int = 5) { images(first: $n) { edges { node { id } } } }',
    { n: null },
    10 + 20 * 3,
  ],
  [
    'the newest in a page of variable size',
    'query ($n: Int) { images(first: $n) { latest(first: 40) { id } } }',
    { n: 3 },
    10 + 3 * (1 + 2),
  ],
  ['ids', 'query ($id: ID!) { nodes(ids: [$id, "b"]) { id } }', { id: 'a' }, 2 * 10 + 10 * 1],
  [
    'fragments, as often as they are spread',
    '{ image(id: "a") { ...F ...F } } fragment F on Image { id ... { name } }',
    {},
    10 + 2 * 2,
  ],
  ['references of another subgraph', '{ _entities(representations: []) { __typename } }', {}, 1 + 10],
  ['the schema', '{ __typename }', {}, null],
])('the price of %s', (_what, text, variables, cost) => {
  const [one] = toOperations(text);
  if (one === undefined) throw new TypeError('expected an operation');
  const { document, operation } = one;
  expect(plannedCost({ schema, document, variables, context }, operation)).toBe(cost);
  expect(operationCost({ schema, document, variables, context })).toBe(cost);
});
