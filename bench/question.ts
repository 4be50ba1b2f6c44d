import { readFileSync } from 'node:fs';
import {
  type ArgumentNode,
  coerceInputValue,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  parseType,
  print,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { type ImagesArguments, planPage, toWindowQuery } from '../src/query/page.ts';
import { isImagesField, schema } from './shape.ts';

/** An operation and its variables. Where it asks for a page of images, each argument of that is a variable. */
export interface Question {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether it asks for a page of images and nothing else, so that others can answer it too. */
  readonly isPage: boolean;
}

export interface QuestionFiles {
  readonly operation: string;
  readonly variables: string | null;
  /** Images on a page, in place of the operation's own number. */
  readonly first: number | null;
}

const argumentTypes: Readonly<Record<keyof ImagesArguments, string>> = {
  first: 'Int',
  after: 'String',
  last: 'Int',
  before: 'String',
  filter: 'ImageFilter',
  orderBy: '[ImageOrder!]',
};
const argumentNames = Object.keys(argumentTypes) as (keyof ImagesArguments)[];
const variableOf = (argument: string): string => `images_${argument}`;

/** Reads the operation that is measured. */
export function readQuestion({ operation, variables, first }: QuestionFiles): Question {
  const given = variables === null ? {} : JSON.parse(readFileSync(variables, 'utf8'));
  const question = toQuestion(parse(readFileSync(operation, 'utf8')), given);
  return first === null ? question : withArguments(question, { first, last: undefined });
}

/** The question that a document asks, with the arguments of its page made variables. */
export function toQuestion(document: DocumentNode, variables: Readonly<Record<string, unknown>>): Question {
  const [operation, another] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION || another !== undefined) {
    throw new Error('Expected a document with one operation.');
  }
  const field = operation.selectionSet.selections.find(isImagesField);
  if (field === undefined) return { document, variables, isPage: false };
  const given = Object.fromEntries(
    (field.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, { ...variables })]),
  );
  const values = { ...variables, ...toVariables(given) };
  const declared = withPageVariables(document, operation, field);
  return { document: declared, variables: values, isPage: operation.selectionSet.selections.length === 1 };
}

const toVariables = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [variableOf(name), value]));

const variable = (name: string) =>
  ({ kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variableOf(name) } }) as const;

function withPageVariables(document: DocumentNode, operation: OperationDefinitionNode, field: FieldNode): DocumentNode {
  const page: FieldNode = {
    ...field,
    arguments: argumentNames.map(
      (name): ArgumentNode => ({
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: name },
        value: variable(name),
      }),
    ),
  };
  const selections = operation.selectionSet.selections.map((one) => (one === field ? page : one));
  const others = document.definitions.filter((one) => one !== operation);
  const used = new Set<string>();
  for (const node of [...selections, ...others]) visit(node, { Variable: ({ name }) => void used.add(name.value) });
  return {
    ...document,
    definitions: [
      {
        ...operation,
        variableDefinitions: [
          ...(operation.variableDefinitions ?? []).filter(({ variable: { name } }) => used.has(name.value)),
          ...argumentNames.map(
            (name) =>
              ({
                kind: Kind.VARIABLE_DEFINITION,
                variable: variable(name),
                type: parseType(argumentTypes[name]),
              }) as const,
          ),
        ],
        selectionSet: { ...operation.selectionSet, selections },
      },
      ...others,
    ],
  };
}

/** The same question for another page. */
export const withArguments = (question: Question, args: { readonly [Name in keyof ImagesArguments]?: unknown }) => ({
  ...question,
  variables: { ...question.variables, ...toVariables(args) },
});

/** What the question's page is asked for with. */
export const argumentsOf = ({ variables }: Question): ImagesArguments =>
  Object.fromEntries(argumentNames.map((name) => [name, variables[variableOf(name)]]));

/** The body of the question as a client posts it. */
export const questionToBody = ({ document, variables }: Question): string =>
  JSON.stringify({ query: print(document), variables });

/** The upstream query that answers the question's page. Throws where one such query does not. */
export function questionToUpstream(question: Question): {
  readonly query: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly size: number;
} {
  const plan = planPage(argumentsAsRead(question));
  if (plan.order === null || plan.residual !== null) throw new Error('Expected a page of one upstream request.');
  const list = { parameters: plan.parameters, order: plan.order };
  const query = toWindowQuery(list, plan.from?.place.id ?? null, plan.size + 1);
  return { query, parameters: [...new URLSearchParams(query)], size: plan.size };
}

/** The arguments as resolvers get them: GraphQL makes lists of single values, and dates of times. */
function argumentsAsRead(question: Question): ImagesArguments {
  const definitions = schema.getQueryType()?.getFields()['images']?.args ?? [];
  const given = Object.entries(argumentsOf(question)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const type = definitions.find((one) => one.name === name)?.type;
      return [name, type === undefined ? value : withDates(coerceInputValue(value, type))];
    }),
  );
}

const withDates = (value: any): any => {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return new Date(value);
  if (Array.isArray(value)) return value.map(withDates);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withDates(one)]));
};
