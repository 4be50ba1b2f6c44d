import type { Question } from './question.ts';
import { since, withAlias, withSwitches } from './varied-question.ts';

/** How requests of a case differ from the operation that is measured, and from each other. */
export interface Varied {
  readonly question: Question;
  /** What stands in the question for a placeholder of the template, and that placeholder. */
  readonly varied: readonly [inQuestion: string, placeholder: string] | null;
  /** How many pages the requests ask for in turn; all are asked for once before. */
  readonly pages: number;
  /** How long the image service takes. */
  readonly delayMs: number;
}

export type Variation = (question: Question) => Varied;

/** A moment that no image is as old as, and that stands for a placeholder. */
const MOMENT = '1999-09-09T09:09:09Z';
const NUMBER = 'number_of_the_request';
const PAGES = 256;

/** The same request each time. */
export const sameRequest: Variation = (question) => ({ question, varied: null, pages: 1, delayMs: 0 });

/** Pages are known, answers are not: fields are left out by variables, so that no request comes twice. */
export const otherSelection: Variation = (question) => {
  const switched = withSwitches(since(question, MOMENT), (number) => `@@BIT${number}@@`);
  return { question: switched, varied: [MOMENT, '@@PAGE@@'], pages: PAGES, delayMs: 0 };
};

/** The page is known, the text of the operation is not: each request calls it by another name. */
export const otherText: Variation = (question) => ({
  question: withAlias(question, NUMBER),
  varied: [NUMBER, 'page@@COUNT@@'],
  pages: 1,
  delayMs: 0,
});

/** Every filter is new, and the image service takes its time. */
export const otherFilter: Variation = (question) => ({
  question: since(question, MOMENT),
  varied: [MOMENT, '@@TIME@@'],
  pages: 1,
  delayMs: 5,
});

/** By the name of the case. */
export const variations: Readonly<Record<string, Variation>> = {
  hot: sameRequest,
  'warm-selection': otherSelection,
  'warm-text': otherText,
  cold: otherFilter,
};
