import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { both, type Condition, conditionOf } from './conditions.ts';
import { NotCompiled } from './not-compiled.ts';

/** A field of an answer: where it is selected, and when it is. */
export interface CollectedField {
  readonly key: string;
  readonly nodes: FieldNode[];
  readonly condition: Condition | null;
}

export interface Selections {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/**
 * The fields that selection sets ask of an object type, in the order of the answer (GraphQL, section 6.3.2). Throws
 * `NotCompiled` where that order depends on variables.
 */
export function collectFields(
  selections: Selections,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): readonly CollectedField[] {
  const fields = new Map<string, CollectedField>();
  const visited = new Set<string>();
  const underCondition = new Set<string>();

  const collect = (set: SelectionSetNode, outer: Condition | null): void => {
    for (const node of set.selections) {
      const inner = conditionOf(node);
      if (inner === false) continue;
      const condition = both(outer, inner);
      if (node.kind === Kind.FIELD) {
        add(node, condition);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (isOn(selections.schema, node.typeCondition, type)) collect(node.selectionSet, condition);
      } else if (!visited.has(node.name.value)) {
        // Whether it is spread for the first time may depend on variables, and to follow each path to it has no end.
        if (underCondition.has(node.name.value)) throw new NotCompiled();
        if (condition === null) visited.add(node.name.value);
        else underCondition.add(node.name.value);
        const fragment = selections.fragments[node.name.value];
        if (fragment === undefined) throw new NotCompiled();
        if (isOn(selections.schema, fragment.typeCondition, type)) collect(fragment.selectionSet, condition);
      }
    }
  };
  const add = (node: FieldNode, condition: Condition | null): void => {
    const key = node.alias?.value ?? node.name.value;
    const known = fields.get(key);
    if (known === undefined) {
      // Setting it would set something else.
      if (key === '__proto__') throw new NotCompiled();
      fields.set(key, { key, nodes: [node], condition });
    } else if (known.condition === null && condition === null) {
      known.nodes.push(node);
    } else {
      throw new NotCompiled();
    }
  };

  for (const set of sets) collect(set, null);
  return [...fields.values()];
}

function isOn(schema: GraphQLSchema, condition: NamedTypeNode | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined) return true;
  const on = schema.getType(condition.name.value);
  if (isObjectType(on)) return on === type;
  return isAbstractType(on) && schema.isSubType(on, type);
}
