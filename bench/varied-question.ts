import {
  getNamedType,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  parse,
  parseType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { argumentsOf, type Question, withArguments } from './question.ts';
import { isImagesField, schema } from './shape.ts';

/** The same question about images since some moment too, in place of what it asked of the time of creation. */
export const since = (question: Question, moment: string): Question =>
  withArguments(question, { filter: { ...argumentsOf(question).filter, createdAt: { gte: moment } } });

/** The question with its page under another name in the answer. */
export function withAlias(question: Question, alias: string): Question {
  const document = visit(question.document, {
    OperationDefinition: (operation) => ({
      ...operation,
      selectionSet: {
        ...operation.selectionSet,
        selections: operation.selectionSet.selections.map((one) =>
          isImagesField(one) ? { ...one, alias: { kind: Kind.NAME, value: alias } } : one,
        ),
      },
    }),
  });
  return { ...question, document };
}

/** Most fields that {@link withSwitches} can leave out; the gateway bounds how many directives an operation may have. */
const MOST_SWITCHES = 16;

/** The question with fields of images that variables leave out; the first one stays. `toValue` gives each variable. */
export function withSwitches(question: Question, toValue: (number: number) => unknown): Question & { count: number } {
  const types = new TypeInfo(schema);
  let count = 0;
  const switched = visit(
    question.document,
    visitWithTypeInfo(types, {
      Field(node) {
        const isOfImage = /^Image(?!Edge|Connection)/.test(types.getParentType()?.name ?? '');
        const type = types.getType();
        const hasOwnSwitch = node.directives?.some(({ name }) => name.value === 'include') === true;
        if (!isOfImage || hasOwnSwitch || type == null || !isLeafType(getNamedType(type)) || count > MOST_SWITCHES)
          return undefined;
        count += 1;
        if (count === 1) return undefined;
        const field = parse(`{ x @include(if: $field_${count - 2}) }`).definitions[0] as OperationDefinitionNode;
        return {
          ...node,
          directives: [...(node.directives ?? []), ...(field.selectionSet.selections[0]?.directives ?? [])],
        };
      },
    }),
  );
  const numbers = Array.from({ length: Math.max(0, count - 1) }, (_, number) => number);
  const document = visit(switched, {
    OperationDefinition: (operation) => ({
      ...operation,
      variableDefinitions: [
        ...(operation.variableDefinitions ?? []),
        ...numbers.map((number) => ({
          kind: Kind.VARIABLE_DEFINITION,
          variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: `field_${number}` } },
          type: parseType('Boolean!'),
        })),
      ],
    }),
  });
  const values = Object.fromEntries(numbers.map((number) => [`field_${number}`, toValue(number)]));
  return { ...question, document, variables: { ...question.variables, ...values }, count: numbers.length };
}
