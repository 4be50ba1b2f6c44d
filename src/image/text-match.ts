import { toComparedText } from './ask.ts';
import type { Ask } from './field.ts';
import { isPlainText } from './plain-text.ts';

/** Comparisons of text beyond equality; all that are given must hold. */
export interface TextComparison {
  readonly equals?: readonly string[] | null;
  readonly contains?: readonly string[] | null;
  readonly startsWith?: readonly string[] | null;
  readonly endsWith?: readonly string[] | null;
  readonly pattern?: readonly string[] | null;
  readonly present?: boolean | null;
  readonly caseSensitive?: boolean | null;
}

type Fits = (text: string, wanted: string) => boolean;

/** The comparisons that take texts: GraphQL's name, meaning, and how one of the texts is compared. */
export const textOperators = [
  ['equals', 'Is the whole text.', (text, wanted) => text === wanted],
  ['contains', 'Stands somewhere in it.', (text, wanted) => text.includes(wanted)],
  ['startsWith', 'Is its beginning.', (text, wanted) => text.startsWith(wanted)],
  ['endsWith', 'Is its end.', (text, wanted) => text.endsWith(wanted)],
  [
    'pattern',
    'Describes the whole text: `*` stands for any characters or none, `?` for exactly one, `\\` makes the next one plain.',
    matchesPattern,
  ],
] as const satisfies readonly (readonly [keyof TextComparison, string, Fits])[];

const EVERYTHING = Symbol('*');
const ANYTHING = Symbol('?');
type Token = string | typeof EVERYTHING | typeof ANYTHING;

function toTokens(pattern: string): Token[] {
  const tokens: Token[] = [];
  let isPlain = false;
  for (const character of pattern) {
    if (isPlain) tokens.push(character);
    else if (character === '*') tokens.push(EVERYTHING);
    else if (character === '?') tokens.push(ANYTHING);
    else if (character !== '\\') tokens.push(character);
    isPlain = !isPlain && character === '\\';
  }
  if (isPlain) tokens.push('\\');
  return tokens;
}

/**
 * Whether a pattern describes the whole text. Only the last `*` is ever tried again, so the time is at most the product of
 * the two lengths, whatever the pattern.
 */
function matchesPattern(text: string, pattern: string): boolean {
  return matchesTokens(Array.from(text), toTokens(pattern));
}

function matchesTokens(characters: readonly string[], tokens: readonly Token[]): boolean {
  let [at, token, lastStar, resume] = [0, 0, -1, 0];
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === EVERYTHING) {
      lastStar = token;
      resume = at;
      token += 1;
    } else if (wanted === ANYTHING || (wanted !== undefined && wanted === characters[at])) {
      at += 1;
      token += 1;
    } else if (lastStar >= 0) {
      resume += 1;
      at = resume;
      token = lastStar + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === EVERYTHING);
}

const textsOf = (comparison: TextComparison): string[] =>
  textOperators.flatMap(([name]) => [...(comparison[name] ?? [])]);

const isAcceptable = (comparison: TextComparison): boolean => {
  const texts = textsOf(comparison);
  const lists = textOperators.map(([name]) => comparison[name]).filter((list) => list != null);
  const isComplete = lists.length > 0 ? lists.every((list) => list.length > 0) : comparison.present != null;
  return isComplete && texts.every(isPlainText);
};

/** Comparisons of a text attribute, whose case does not matter unless asked for. An absent text satisfies none of them. */
export const askTextMatch: Ask<TextComparison> = {
  input: 'ImageTextFilter',
  list: false,
  note: 'In part, by a pattern, or without regard to case.',
  expected: `at least one of ${textOperators.map(([name]) => name).join(', ')}, present, each text of 1 to 255 characters`,
  accepts: isAcceptable,
  encode: ([comparison]) => {
    const [only, ...others] = comparison?.equals ?? [];
    // Whether upstream minds the case is not documented; where it does not, it finds more.
    const isAskable = comparison?.caseSensitive === true && only !== undefined && others.length === 0;
    return isAskable && !only.includes(':') ? { value: only, isWhole: false } : null;
  },
  test: ([comparison = {}], wire) => {
    const fold = comparison.caseSensitive === true ? (text: string) => text : (text: string) => text.toLowerCase();
    const tests = textOperators.flatMap(([name, , fits]) => {
      const wanted = comparison[name]?.map(fold);
      if (wanted === undefined) return [];
      if (name !== 'pattern') return [(text: string) => wanted.some((one) => fits(text, one))];
      const patterns = wanted.map(toTokens);
      return [(text: string) => patterns.some((tokens) => matchesTokens(Array.from(text), tokens))];
    });
    return (image) => {
      const text = toComparedText(image[wire]) ?? '';
      if (comparison.present != null && comparison.present !== (text !== '')) return false;
      if (tests.length === 0) return true;
      const folded = fold(text);
      return text !== '' && tests.every((test) => test(folded));
    };
  },
};
