import { buildSchema, executeSync, Kind, type OperationDefinitionNode, print } from 'graphql';
import type { WireImage } from '../src/image/source.ts';
import { toMeshName } from './list-api.ts';
import { type Question, questionToUpstream } from './question.ts';
import { selectedAttributes } from './selected-attributes.ts';
import { isImagesField, questionToShape } from './shape.ts';

/**
 * The question as a client asks it of the schema that Mesh makes of the list: the same rows with the same attributes. Whether
 * there are more of them is not told, but costs the others next to nothing. Throws where the list does not tell what is asked.
 */
export function questionToListBody(question: Question): string {
  const operation = operationOf(question);
  questionToShape(question);
  const { parameters, size } = questionToUpstream(question);
  // It is not asked whether there are more images.
  const given = parameters.map(([name, value]) => [toMeshName(name), name === 'limit' ? size : value] as const);
  const alias = operation.selectionSet.selections.find(isImagesField)?.alias?.value ?? 'listImages';
  const passed = given.map(([name]) => `${name}: $${name}`);
  const fields = selectedAttributes(question.document).map(
    ({ wire, directives }) => `${toMeshName(wire)} ${directives}`,
  );
  const used = new Set(fields.flatMap((field) => field.match(/(?<=\$)\w+/g) ?? []));
  const declared = [
    ...given.map(([name, value]) => `$${name}: ${typeof value === 'number' ? 'Int' : 'String'}`),
    ...(operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)).map(print),
  ];
  const query = `query (${declared.join(', ')}) {
  ${alias}: listImages(${passed.join(', ')}) {
    images {
      ${fields.join('\n      ')}
    }
  }
}`;
  const others = Object.entries(question.variables).filter(([name]) => used.has(name));
  return JSON.stringify({ query, variables: Object.fromEntries([...given, ...others]) });
}

/** The images of an answer to that, as the gateway shows them. */
export function listAnswerToRows({ data }: any, question: Question): readonly unknown[] {
  const wires = selectedAttributes(question.document).map(({ wire }) => wire);
  const [list]: any[] = Object.values(data ?? {});
  const images: any[] = list?.images ?? [];
  return imagesToRows(
    images.map((image) => Object.fromEntries(wires.map((wire) => [wire, image[toMeshName(wire)]])) as WireImage),
    question,
  );
}

/** What the question's selection shows of images, under the names that it gives; fields that requests differ in are there. */
export function imagesToRows(images: readonly WireImage[], question: Question): readonly unknown[] {
  const { sdl, toImage } = questionToShape(question);
  const edges = images.map((image) => ({ cursor: '', node: toImage(image) }));
  const pageInfo = { hasNextPage: false, hasPreviousPage: false };
  const switches = Object.keys(question.variables).filter(isSwitch);
  const { data } = executeSync({
    schema: buildSchema(sdl),
    document: question.document,
    rootValue: { images: { edges, pageInfo } },
    variableValues: { ...question.variables, ...Object.fromEntries(switches.map((name) => [name, true])) },
  });
  const [page]: any[] = Object.values(data ?? {});
  return (page?.edges ?? []).map(({ node }: any) => node);
}

const isSwitch = (variable: string): boolean => variable.startsWith('field_');

function operationOf({ document }: Question): OperationDefinitionNode {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Expected an operation.');
  return operation;
}
