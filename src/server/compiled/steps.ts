import type { Execution, Write } from './execution.ts';
import type { FieldPlan } from './field-plan.ts';

/** A value of an answer, and what stands before it: braces, commas, keys and colons. */
export interface Step {
  readonly label: string;
  readonly write: Write;
  /** By which its text is kept with the image; null where none is. */
  readonly number: number | null;
}

/** The text of an object, value by value. */
export interface Steps {
  readonly steps: readonly Step[];
  /** What stands behind the last value. */
  readonly end: string;
}

/** Tells the steps of an object, for all objects of one run alike. */
export function toSteps(fields: readonly FieldPlan[]): (execution: Execution) => Steps {
  if (isUnconditional(fields)) {
    const all = stepsOf(fields, () => true);
    return () => all;
  }
  return (execution) => {
    const known = execution.steps.get(fields);
    if (known !== undefined) return known;
    const { variables } = execution;
    const steps = stepsOf(fields, ({ condition }) => condition === null || condition(variables));
    execution.steps.set(fields, steps);
    return steps;
  };
}

const isUnconditional = (fields: readonly FieldPlan[]): boolean =>
  fields.every(({ condition, inner }) => condition === null && (inner === null || isUnconditional(inner)));

/** The steps of the fields that are part of the answer; those of an object that is read from the same one stand among them. */
function stepsOf(fields: readonly FieldPlan[], isAsked: (field: FieldPlan) => boolean): Steps {
  const steps: Step[] = [];
  let label = '';
  const add = (all: readonly FieldPlan[]): void => {
    const asked = all.filter(isAsked);
    for (const [index, { key, inner, write, number }] of asked.entries()) {
      label += `${index === 0 ? '{' : ','}${key}:`;
      if (inner !== null) {
        add(inner);
        continue;
      }
      steps.push({ label, write, number });
      label = '';
    }
    label += asked.length === 0 ? '{}' : '}';
  };
  add(fields);
  return { steps, end: label };
}
