import { getMappedArgumentValues } from '@pothos/core';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getVariableValues,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { isRecord } from '../image/json.ts';

type Values = Readonly<Record<string, unknown>>;

/** A number that may depend on the values of variables. */
type Price = number | ((variables: Values) => number);

/** The arguments that the cost of a field depends on. */
const costArguments: ReadonlySet<string> = new Set(['first', 'last', 'ids']);

/** What Pothos counts for a field that is not its own, such as `_entities`, and for the items of a list of those. */
const FIELD_COST = 1;
const LIST_MULTIPLIER = 10;

/** What an operation costs. */
export interface OperationPrice {
  /** The variables that it depends on. */
  readonly names: readonly string[];
  /** The cost by the variables as they arrived. Throws, or says anything, where they cannot be used. */
  at(variables: Values): number;
}

/**
 * The price of a valid operation: what Pothos' `complexityFromQuery` says, with all that variables do not change added up
 * beforehand.
 */
export function toPrice(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationPrice {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const fragmentPrices = new Map<string, Price>();
  const used = new Set<string>();

  const ofFragment = (name: string): Price => {
    const known = fragmentPrices.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const price =
      fragment === undefined ? 0 : ofSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    fragmentPrices.set(name, price);
    return price;
  };
  const ofSelection = (node: SelectionNode, type: GraphQLNamedType | undefined): Price => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
    if (node.kind === Kind.INLINE_FRAGMENT) {
      return ofSet(node.selectionSet, node.typeCondition ? schema.getType(node.typeCondition.name.value) : type);
    }
    const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    if (definition === undefined) return FIELD_COST;
    const below = node.selectionSet === undefined ? 0 : ofSet(node.selectionSet, getNamedType(definition.type));
    return ofField(schema, definition, node, below, used);
  };
  const ofSet = ({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined): Price =>
    sumOf(selections.map((node) => ofSelection(node, type)));

  const price = ofSet(operation.selectionSet, schema.getQueryType() ?? undefined);
  const definitions = operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) ?? [];
  return {
    names: [...used],
    at(variables) {
      if (typeof price === 'number') return price;
      const { coerced, errors } = getVariableValues(schema, definitions, variables, { maxErrors: 1 });
      if (coerced === undefined) throw new TypeError('Expected variables that can be used.', { cause: errors });
      return price(coerced);
    },
  };
}

/** The price of a field, given that of what is selected in it. Notes the variables that it depends on. */
function ofField(
  schema: GraphQLSchema,
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  below: Price,
  used: Set<string>,
): Price {
  const { complexity } = definition.extensions;
  if (typeof complexity !== 'function') return scaled(toNumbers(complexity, definition.type), below);
  const reduced = { ...node, arguments: node.arguments?.filter(({ name }) => costArguments.has(name.value)) ?? [] };
  const numbersFor = (variableValues: Values): Numbers => {
    const given: unknown = getMappedArgumentValues(definition, reduced, {}, { schema, fragments: {}, variableValues });
    return toNumbers(Reflect.apply(complexity, undefined, [given]), definition.type);
  };
  const own = new Set(reduced.arguments.flatMap(({ value }) => variablesIn(value)));
  if (own.size === 0) return scaled(numbersFor({}), below);
  for (const name of own) used.add(name);
  return (variables) => valueOf(scaled(numbersFor(variables), below), variables);
}

interface Numbers {
  readonly field: number;
  readonly multiplier: number;
}

function toNumbers(complexity: unknown, type: GraphQLOutputType): Numbers {
  const fallback = isListType(getNullableType(type)) ? LIST_MULTIPLIER : 1;
  if (typeof complexity === 'number') return { field: complexity, multiplier: fallback };
  const { field, multiplier } = isRecord(complexity) ? complexity : {};
  return {
    field: typeof field === 'number' ? field : FIELD_COST,
    multiplier: typeof multiplier === 'number' ? multiplier : fallback,
  };
}

function scaled({ field, multiplier }: Numbers, below: Price): Price {
  if (typeof below === 'number') return field + multiplier * below;
  return (variables) => field + multiplier * below(variables);
}

function sumOf(prices: readonly Price[]): Price {
  let fixed = 0;
  const varying: Exclude<Price, number>[] = [];
  for (const price of prices) {
    if (typeof price === 'number') fixed += price;
    else varying.push(price);
  }
  return varying.length === 0 ? fixed : (variables) => varying.reduce((sum, price) => sum + price(variables), fixed);
}

const valueOf = (price: Price, variables: Values): number => (typeof price === 'number' ? price : price(variables));

function variablesIn(value: ValueNode): string[] {
  if (value.kind === Kind.VARIABLE) return [value.name.value];
  if (value.kind === Kind.LIST) return value.values.flatMap(variablesIn);
  return value.kind === Kind.OBJECT ? value.fields.flatMap((field) => variablesIn(field.value)) : [];
}
