import { exclusions, requirements } from '../image/combinations.ts';
import { InputError } from '../image/errors.ts';
import type { ImageTest } from '../image/field.ts';
import type { Parameter } from '../image/query-string.ts';
import { show } from '../image/show.ts';
import { allOf, type Condition, type GivenCriterion, toConjuncts, toTest } from './condition.ts';

/** A filter as what upstream is asked and what is decided here. */
export interface Split {
  /** The strongest query that upstream can answer: it finds every image that the filter selects. */
  readonly parameters: readonly Parameter[];
  /** What is left to decide of what upstream finds; null where nothing is. */
  readonly residual: ImageTest | null;
}

/** Parameters that the manual forbids beside others: they say more, so they are the ones to send. */
const exclusive = new Set(exclusions.map(([parameter]) => parameter));

const excludes = (one: string, other: string): boolean =>
  exclusions.some(
    ([first, others]) => (first === one && others.includes(other)) || (first === other && others.includes(one)),
  );

/**
 * Splits a filter's condition, as if the criteria `opened` were not given. Throws an `InputError` for what only upstream can tell where it
 * cannot be asked.
 */
export function splitCondition(condition: Condition, opened: ReadonlySet<string> = new Set()): Split {
  const all = toConjuncts(condition);
  const conjuncts = all.filter((one) => !isOneOf(opened, one) || isRequired(one.criterion, all));
  const pushed = new Map<string, GivenCriterion>();
  const decided = new Set<Condition>();

  const push = (one: GivenCriterion): void => {
    if (one.parameter === null) return;
    const { name, value, isWhole } = one.parameter;
    const beside = pushed.get(name);
    if (beside === undefined) {
      if ([...pushed.keys()].some((other) => excludes(name, other))) return;
      pushed.set(name, one);
    } else if (beside.parameter?.value !== value) {
      return;
    }
    if (isWhole) decided.add(one);
  };

  const criteria = conjuncts.filter((one) => one.kind === 'criterion');
  for (const one of criteria.toSorted((a, b) => precedence(a) - precedence(b))) push(one);
  for (const one of conjuncts) {
    if (one.kind !== 'criterion') for (const implied of impliedBy(one)) push(implied);
  }

  requireUpstream(conjuncts, criteria, decided, pushed);
  const tests = conjuncts.filter((one) => !decided.has(one)).map(toTest);
  return {
    parameters: [...pushed.values()].flatMap(({ parameter }) =>
      parameter === null ? [] : [[parameter.name, parameter.value] as const],
    ),
    residual: tests.length === 0 ? null : allOf(tests),
  };
}

/** Whole answers before parts of them, and what excludes others first. */
const precedence = ({ parameter }: GivenCriterion): number =>
  parameter === null ? 3 : exclusive.has(parameter.name) ? 0 : parameter.isWhole ? 1 : 2;

/** Whether a condition is one of these criteria. */
export const isOneOf = (criteria: ReadonlySet<string>, one: Condition): one is GivenCriterion =>
  one.kind === 'criterion' && criteria.has(one.criterion);

/** Whether another of the conditions can be asked only beside this criterion. */
const isRequired = (criterion: string, conjuncts: readonly Condition[]): boolean =>
  requirements.some(
    ([parameter, other]) =>
      other === criterion && conjuncts.some((one) => one.kind === 'criterion' && one.parameter?.name === parameter),
  );

/** Criteria that hold wherever the condition does: those that all branches of an `any` share. */
function impliedBy(condition: Condition): readonly GivenCriterion[] {
  if (condition.kind === 'criterion') return [condition];
  if (condition.kind === 'all') return condition.of.flatMap(impliedBy);
  if (condition.kind === 'not') return [];
  const [first = [], ...others] = condition.of.map(impliedBy);
  return first.filter(({ parameter }) =>
    others.every((branch) =>
      branch.some((one) => one.parameter?.name === parameter?.name && one.parameter?.value === parameter?.value),
    ),
  );
}

function requireUpstream(
  conjuncts: readonly Condition[],
  criteria: readonly GivenCriterion[],
  decided: ReadonlySet<Condition>,
  pushed: ReadonlyMap<string, GivenCriterion>,
): void {
  const inner = conjuncts.filter((one) => one.kind !== 'criterion').flatMap(criteriaWithin);
  const misplaced = inner.find((one) => one.test === null);
  if (misplaced !== undefined) {
    throw new InputError(misplaced.argument, 'no "or" or "not" around it, as only upstream can tell', 'one');
  }
  const second = criteria.find((one) => one.test === null && !decided.has(one));
  if (second !== undefined) {
    throw new InputError(second.argument, 'one value, as only upstream can tell', `another one: ${show(second.value)}`);
  }
  for (const [parameter, other, value] of requirements) {
    const one = pushed.get(parameter);
    const beside = pushed.get(other);
    if (one === undefined || beside?.parameter?.value === value) continue;
    // Such a parameter is called the same in the filter, and its values differ in case only.
    const given = criteria.find((criterion) => criterion.criterion === other);
    throw new InputError(
      one.argument,
      `"filter.${other}: ${value.toUpperCase()}" beside it`,
      given === undefined ? `no "filter.${other}"` : show(given.value),
    );
  }
}

function criteriaWithin(condition: Condition): GivenCriterion[] {
  if (condition.kind === 'criterion') return [condition];
  return condition.kind === 'not' ? criteriaWithin(condition.of) : condition.of.flatMap(criteriaWithin);
}
