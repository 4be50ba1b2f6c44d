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

/** What the manual forbids beside a parameter, for those that it forbids anything beside. */
const forbidden = new Map<string, readonly string[]>();
for (const [one, others] of exclusions) {
  forbidden.set(one, [...(forbidden.get(one) ?? []), ...others]);
  for (const other of others) forbidden.set(other, [...(forbidden.get(other) ?? []), one]);
}

const nothing: ReadonlySet<string> = new Set();

/**
 * Splits a filter's condition, as if the criteria `opened` were not given. Throws an `InputError` for what only upstream can tell where it
 * cannot be asked.
 */
export function splitCondition(condition: Condition, opened: ReadonlySet<string> = nothing): Split {
  const all = toConjuncts(condition);
  const conjuncts =
    opened.size === 0 ? all : all.filter((one) => !isOneOf(opened, one) || isRequired(one.criterion, all));
  const pushed = new Map<string, GivenCriterion>();
  const decided = new Set<Condition>();

  const push = (one: GivenCriterion): void => {
    if (one.parameter === null) return;
    const { name, value, isWhole } = one.parameter;
    const beside = pushed.get(name);
    if (beside === undefined) {
      if (forbidden.get(name)?.some((other) => pushed.has(other)) === true) return;
      pushed.set(name, one);
    } else if (beside.parameter?.value !== value) {
      return;
    }
    if (isWhole) decided.add(one);
  };

  const criteria = conjuncts.filter((one) => one.kind === 'criterion');
  for (const one of byPrecedence(criteria)) push(one);
  for (const one of conjuncts) {
    if (one.kind !== 'criterion') for (const implied of impliedBy(one)) push(implied);
  }

  requireUpstream(conjuncts, criteria, decided, pushed);
  const parameters: Parameter[] = [];
  for (const { parameter } of pushed.values()) {
    if (parameter !== null) parameters.push([parameter.name, parameter.value]);
  }
  const undecided = conjuncts.filter((one) => !decided.has(one));
  return { parameters, residual: undecided.length === 0 ? null : allOf(undecided.map(toTest)) };
}

const byPrecedence = (criteria: readonly GivenCriterion[]): readonly GivenCriterion[] =>
  criteria.length < 2 ? criteria : criteria.toSorted((a, b) => precedence(a) - precedence(b));

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
  for (const one of conjuncts) {
    if (one.kind !== 'criterion') forbidWithin(one);
  }
  const second = criteria.find((one) => one.toTest === null && !decided.has(one));
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

/** Throws an `InputError` for the first criterion within a condition that only upstream can tell. */
function forbidWithin(condition: Condition): void {
  if (condition.kind === 'not') {
    forbidWithin(condition.of);
  } else if (condition.kind !== 'criterion') {
    for (const one of condition.of) forbidWithin(one);
  } else if (condition.toTest === null) {
    throw new InputError(condition.argument, 'no "or" or "not" around it, as only upstream can tell', 'one');
  }
}
