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
  /** How it is decided here; null where only upstream can tell. */
  readonly test: ImageTest | null;
}

/** What a filter asks of an image. */
export type Condition =
  | GivenCriterion
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

/** The conditions that must all hold for this one to hold, none of them an `all`. */
export function toConjuncts(condition: Condition): Condition[] {
  if (condition.kind === 'all') return condition.of.flatMap(toConjuncts);
  if (condition.kind === 'any' && condition.of.length === 1) return condition.of.flatMap(toConjuncts);
  if (condition.kind !== 'not') return [condition];
  const { of } = condition;
  if (of.kind === 'not') return toConjuncts(of.of);
  // None of several is not the first and not the second and so on.
  if (of.kind === 'any') return of.of.flatMap((one) => toConjuncts({ kind: 'not', of: one }));
  return of.kind === 'all' && of.of.length === 1
    ? of.of.flatMap((one) => toConjuncts({ kind: 'not', of: one }))
    : [condition];
}

/** The test of a condition; criteria that only upstream can tell are not in it. */
export function toTest(condition: Condition): ImageTest {
  if (condition.kind === 'criterion') return condition.test ?? (() => true);
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
