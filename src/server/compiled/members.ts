import type { Execution, Write } from './execution.ts';
import type { FieldPlan } from './field-plan.ts';

/** A field that is part of an answer. */
export interface Member {
  /** What stands before its value: a brace or a comma, its key and a colon. */
  readonly label: string;
  readonly write: Write;
}

/** Tells which fields are part of an answer, for all objects of one run alike. */
export function toMembers(fields: readonly FieldPlan[]): (execution: Execution) => readonly Member[] {
  if (fields.every(({ condition }) => condition === null)) {
    const all = fields.map(toMember);
    return () => all;
  }
  const select = ({ variables }: Execution): readonly Member[] =>
    fields.filter(({ condition }) => condition === null || condition(variables)).map(toMember);
  return (execution) => {
    const known = execution.members.get(fields);
    if (known !== undefined) return known;
    const members = select(execution);
    execution.members.set(fields, members);
    return members;
  };
}

const toMember = ({ labels, write }: FieldPlan, index: number): Member => ({
  label: index === 0 ? labels.first : labels.next,
  write,
});
