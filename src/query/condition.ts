import type { EncodedValue, ImageTest } from '../image/field.ts';

/** One criterion with its value. */
export interface GivenCriterion {
  readonly kind: 'criterion';
  /** The criterion's place in a filter, such as `os.platform`. */
  readonly criterion: string;
  /** The argument that a person wrote, such as `filter.or[1].os.platform`. */
  readonly argument: string;
  readonly value: unknown;
  /** How upstream can be asked; null where it cannot. */
  readonly parameter: (EncodedValue & { readonly name: string }) | null;
  /** Makes the test that decides it here, which few pages need; null where only upstream can tell. */
  readonly toTest: (() => ImageTest) | null;
}

/** What a filter asks of an image. */
export type Condition =
  | GivenCriterion
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

/** The conditions that must all hold for this one to hold, none of them an `all`. */
export function toConjuncts(condition: Condition): Condition[] {
  const conjuncts: Condition[] = [];
  addConjuncts(condition, conjuncts);
  return conjuncts;
}

function addConjuncts(condition: Condition, conjuncts: Condition[]): void {
  if (condition.kind === 'all' || (condition.kind === 'any' && condition.of.length === 1)) {
    for (const one of condition.of) addConjuncts(one, conjuncts);
    return;
  }
  if (condition.kind !== 'not') {
    conjuncts.push(condition);
    return;
  }
  const { of } = condition;
  if (of.kind === 'not') {
    addConjuncts(of.of, conjuncts);
  } else if (of.kind === 'any' || (of.kind === 'all' && of.of.length === 1)) {
    // None of several is not the first and not the second and so on.
    for (const one of of.of) addConjuncts({ kind: 'not', of: one }, conjuncts);
  } else {
    conjuncts.push(condition);
  }
}

/** The test of a condition; criteria that only upstream can tell are not in it. */
export function toTest(condition: Condition): ImageTest {
  if (condition.kind === 'criterion') return condition.toTest?.() ?? (() => true);
  if (condition.kind === 'not') {
    const test = toTest(condition.of);
    return (image) => !test(image);
  }
  const tests = condition.of.map(toTest);
  return condition.kind === 'all' ? allOf(tests) : (image) => tests.some((test) => test(image));
}

/** The test that holds where all of these do. */
export function allOf(tests: readonly ImageTest[]): ImageTest {
  const [only, ...others] = tests;
  if (only === undefined) return () => true;
  return others.length === 0 ? only : (image) => tests.every((test) => test(image));
}
