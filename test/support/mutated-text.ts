import { Lexer, Source, TokenKind } from 'graphql';
import type { Random } from '../../src/embedded/random.ts';
import { subgraphSchema } from '../../src/schema/index.ts';

const names = [
  ...Object.keys(subgraphSchema.getTypeMap()),
  ...Object.keys(subgraphSchema.getQueryType()?.getFields() ?? {}),
  ...'id name status edges node pageInfo os platform version first last after filter orderBy type by ids if'.split(' '),
  ...'PUBLIC PRIVATE NAME DESC field direction include skip deprecated defer query mutation subscription'.split(' '),
  ...'fragment on F0 F1 no yes cursor nothing true false null __typename __schema __proto__ constructor'.split(' '),
];
const literals = '1 -1 2147483648 1.5 "x" """x""" "" true null PUBLIC $first [] {}'.split(' ');

const toLines = (text: string): readonly string[] => text.trim().split(/\s*\n\s*/);

/** What may stand at the end of a selection set, as far as syntax goes. */
const selections = toLines(`
  id
  id: name
  name: id
  a: __typename
  id { id }
  __typename
  node(id: "x") { id name }
  edges { cursor }
  ...F0
  ...F1
  ... on Image { id status: name }
  ... on Node { id }
  ... { edges { node { id } } }
  images { __typename }
  images(first: 1) { totalCount }
  images(first: $first) { totalCount }
  images(first: 1, first: 1) { __typename }
  images(filter: {type: X}) { __typename }
  images(filter: {tags: {value: "x"}}) { totalCount }
  images(filter: {type: PUBLIC, type: PUBLIC}) { totalCount }
  image { id }
  __schema { __typename }
`);
const anywhere = toLines(`
  @include(if: true)
  @include
  @skip(if: $yes)
  @deprecated
  @include(if: 1)
  (first: 1)
  (id: "x")
  !
  [
  ]
  {
  }
  $more: Int
  $more: Image
  $more: [ID!]!
  = null
  = 1
  = "x"
  a: 1
  a:
`);
const definitions = toLines(`
  query Q { __typename }
  query Q($a: Int) { __typename }
  { __typename }
  fragment F0 on Image { id }
  fragment F1 on Image { ...F1 }
  mutation M { __typename }
  subscription S { __typename }
  type A { a: Int }
`);

/** A text with some of its tokens replaced, left out, doubled, or followed by what may not stand there. */
export function mutatedText(text: string, random: Random): string {
  const tokens = toTokens(text);
  do mutate(tokens, random);
  while (random.chance(0.25));
  return tokens.join(' ');
}

function mutate(tokens: string[], random: Random): void {
  const at = random.bits() % tokens.length;
  const ends = tokens.flatMap((token, index) => (token === '}' ? [index] : []));
  const kind = random.bits() % 16;
  if (kind < 8) tokens[at] = replacementOf(tokens[at] ?? '', random);
  else if (kind < 12 && ends.length > 0) tokens.splice(random.pick(ends), 0, random.pick(selections));
  else if (kind === 12) tokens.push(random.pick(definitions));
  else if (kind === 13) tokens.splice(at, 1);
  else if (kind === 14) tokens.splice(at, 0, ...tokens.slice(at, at + 1 + (random.bits() % 12)));
  else tokens.splice(at, 0, random.pick(anywhere));
}

const replacementOf = (token: string, random: Random): string =>
  /^[_A-Za-z]/.test(token) ? random.pick(names) : random.pick(/^[-\d"]/.test(token) ? literals : anywhere);

function toTokens(text: string): string[] {
  const lexer = new Lexer(new Source(text));
  const tokens: string[] = [];
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    tokens.push(text.slice(token.start, token.end));
  }
  return tokens;
}
