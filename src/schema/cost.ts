import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  getOperationAST,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ImageContext } from './context.ts';

/** What is executed: an operation of a document, and its variables as they arrived. */
export interface Execution {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: ImageContext;
}

/** What costs are worked out of: the arguments that the cost of a field depends on. */
const costArguments: ReadonlySet<string> = new Set(['first', 'last', 'ids']);

interface Priced {
  /** The operation, reduced to what its cost depends on. */
  readonly reduced: DocumentNode;
  /** The variables that it depends on. */
  readonly names: readonly string[];
  /** Costs by the values of those, as JSON. */
  readonly costs: LRUCache<string, number>;
}

/** Clients ask with a few page sizes. */
const MAX_COSTS = 100;
/** Longest values that are kept. */
const MAX_VALUES = 200;

const priced = new WeakMap<OperationDefinitionNode, Priced>();

/**
 * What an operation costs by the schema's numbers, given that its variables can be used; null where it reads nothing but
 * the schema. Throws, or says anything, where they cannot.
 */
export function plannedCost(
  { schema, document, variables, context }: Omit<Execution, 'operationName'>,
  operation: OperationDefinitionNode,
): number | null {
  if (!asksForImages(operation)) return null;
  const { reduced, names, costs } = priced.get(operation) ?? toPriced(document, operation);
  // Null is not the same as nothing, which leaves a default.
  const values = JSON.stringify(names.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])));
  const known = costs.get(values);
  if (known !== undefined) return known;
  const { complexity } = complexityFromQuery(reduced, { schema, ctx: context, variables: { ...variables } });
  if (values.length <= MAX_VALUES) costs.set(values, complexity);
  return complexity;
}

function toPriced(document: DocumentNode, operation: OperationDefinitionNode): Priced {
  const reduced = reduce(document, operation);
  const [own] = reduced.definitions;
  const variables = own?.kind === Kind.OPERATION_DEFINITION ? (own.variableDefinitions ?? []) : [];
  const names = variables.map(({ variable }) => variable.name.value);
  const known = { reduced, names, costs: new LRUCache<string, number>({ max: MAX_COSTS }) };
  priced.set(operation, known);
  return known;
}

/** The operation and its fragments with those arguments and variables alone that its cost depends on. */
function reduce(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const used = new Set<string>();
  const [own, ...others] = [operation, ...fragments].map((definition) =>
    visit(definition, {
      Directive: () => null,
      VariableDefinition: () => false,
      Argument: ({ name }) => (costArguments.has(name.value) ? undefined : null),
      Variable: ({ name }) => void used.add(name.value),
    }),
  );
  if (own?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('an operation stays one');
  const variableDefinitions = own.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) ?? [];
  return { kind: Kind.DOCUMENT, definitions: [{ ...own, variableDefinitions }, ...others] };
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
