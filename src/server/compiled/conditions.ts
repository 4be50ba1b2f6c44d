import { type FieldNode, type FragmentSpreadNode, type InlineFragmentNode, Kind, type ValueNode } from 'graphql';
import { NotCompiled } from './not-compiled.ts';

/** Whether a selection is part of the answer, by the variables of the request. */
export type Condition = (variables: Readonly<Record<string, unknown>>) => boolean;

type Selected = FieldNode | FragmentSpreadNode | InlineFragmentNode;

/** The condition that `@skip` and `@include` make of a selection: null for one that always holds, false for one that never does. */
export function conditionOf(node: Selected): Condition | null | false {
  const conditions: Condition[] = [];
  for (const directive of node.directives ?? []) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const wanted = name === 'include';
    const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
    const condition = toCondition(value, wanted);
    if (condition === false) return false;
    if (condition !== null) conditions.push(condition);
  }
  return conditions.reduce<Condition | null>(both, null);
}

/** Both conditions; null is one that always holds. */
export function both(one: Condition | null, other: Condition | null): Condition | null {
  if (one === null || other === null) return one ?? other;
  return (variables) => one(variables) && other(variables);
}

function toCondition(value: ValueNode | undefined, wanted: boolean): Condition | null | false {
  if (value?.kind === Kind.BOOLEAN) return value.value === wanted ? null : false;
  if (value?.kind !== Kind.VARIABLE) throw new NotCompiled();
  const name = value.name.value;
  return (variables) => {
    const given = variables[name];
    // A variable that may be left out and has no default.
    if (typeof given !== 'boolean') throw new NotCompiled();
    return given === wanted;
  };
}
