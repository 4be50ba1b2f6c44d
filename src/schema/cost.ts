import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, getOperationAST, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { ImageContext } from './context.ts';
import { type OperationPrice, toPrice } from './price.ts';

/** What is executed: an operation of a document, and its variables as they arrived. */
export interface Execution {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: ImageContext;
}

interface Priced {
  readonly price: OperationPrice;
  /** Costs by the values of the variables that they depend on, as JSON. */
  readonly costs: Map<string, number>;
}

/** Clients ask with a few page sizes. */
const MAX_COSTS = 100;
/** Longest values that are kept. */
const MAX_VALUES = 200;

const priced = new WeakMap<OperationDefinitionNode, Priced>();

/**
 * What a valid operation costs by the schema's numbers, given that its variables can be used; null where it reads nothing
 * but the schema. Throws, or says anything, where they cannot.
 */
export function plannedCost(
  { schema, document, variables }: Omit<Execution, 'operationName'>,
  operation: OperationDefinitionNode,
): number | null {
  if (!asksForImages(operation)) return null;
  let known = priced.get(operation);
  if (known === undefined) {
    known = { price: toPrice(schema, document, operation), costs: new Map() };
    priced.set(operation, known);
  }
  const { price, costs } = known;
  if (price.names.length === 0) return price.at(variables);
  // Null is not the same as nothing, which leaves a default.
  const values = JSON.stringify(price.names.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])));
  const kept = costs.get(values);
  if (kept !== undefined) return kept;
  const cost = price.at(variables);
  if (costs.size >= MAX_COSTS) costs.clear();
  if (values.length <= MAX_VALUES) costs.set(values, cost);
  return cost;
}

/** Whether an operation asks for more than the schema. */
const asksForImages = (operation: OperationDefinitionNode): boolean =>
  operation.selectionSet.selections.some(
    (selection) => selection.kind !== Kind.FIELD || !selection.name.value.startsWith('__'),
  );

/** Costs that do not depend on variables. Documents are kept by the server's parser cache, so the same one comes again. */
const known = new WeakMap<DocumentNode, Map<string, number>>();

/**
 * What an operation costs by the schema's numbers; null where it reads nothing but the schema, and where it cannot be
 * said because an argument or a variable cannot be used, of which the execution fails anyway.
 */
export function operationCost(execution: Execution): number | null {
  const { schema, document, operationName, variables, context } = execution;
  const operation = getOperationAST(document, operationName);
  if (!operation || !asksForImages(operation)) return null;

  const costs = known.get(document) ?? new Map<string, number>();
  const name = operation.name?.value ?? '';
  const kept = costs.get(name);
  if (kept !== undefined) return kept;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const alone: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  try {
    const { complexity } = complexityFromQuery(alone, { schema, ctx: context, variables: { ...variables } });
    if (!operation.variableDefinitions?.length) known.set(document, costs.set(name, complexity));
    return complexity;
  } catch {
    return null;
  }
}
