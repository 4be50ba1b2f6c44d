import { Kind, type OperationDefinitionNode, print } from 'graphql';
import type { WireImage } from '../src/image/source.ts';
import { toMeshName } from './list-api.ts';
import { type Question, questionToUpstream } from './question.ts';
import { selectedAttributes } from './selected-attributes.ts';
import { isImagesField, questionToShape, type ShownImage, usedFields } from './shape.ts';

/** The question as a client asks it of the schema that Mesh makes of the list: the same rows with the same attributes. */
export function questionToListBody(question: Question): string {
  const operation = operationOf(question);
  const beside = [...(usedFields(question.document).get('ImageConnection') ?? [])].find(
    (name) => !toldByList.has(name),
  );
  if (beside !== undefined) throw new Error(`${beside}: expected nothing beside the images of a page.`);
  const { parameters, size } = questionToUpstream(question);
  // It is not asked whether there are more images.
  const given = parameters.map(([name, value]) => [toMeshName(name), name === 'limit' ? size : value] as const);
  const switches = (operation.variableDefinitions ?? []).filter(({ variable }) => isSwitch(variable.name.value));
  const declared = [
    ...given.map(([name, value]) => `$${name}: ${typeof value === 'number' ? 'Int' : 'String'}`),
    ...switches.map(print),
  ];
  const alias = operation.selectionSet.selections.find(isImagesField)?.alias?.value ?? 'listImages';
  const passed = given.map(([name]) => `${name}: $${name}`);
  const fields = selectedAttributes(question.document).map(
    ({ wire, directives }) => `${toMeshName(wire)} ${directives}`,
  );
  const query = `query (${declared.join(', ')}) {
  ${alias}: listImages(${passed.join(', ')}) {
    images {
      ${fields.join('\n      ')}
    }
  }
}`;
  const others = Object.entries(question.variables).filter(([name]) => isSwitch(name));
  return JSON.stringify({ query, variables: Object.fromEntries([...given, ...others]) });
}

/** The images of an answer to that. */
export function listAnswerToImages({ data }: any, question: Question): ShownImage[] {
  const { toImage } = questionToShape(question);
  const wires = selectedAttributes(question.document).map(({ wire }) => wire);
  const [list]: any[] = Object.values(data ?? {});
  return (list?.images ?? []).map((image: any) => {
    const attributes = Object.fromEntries(wires.map((wire) => [wire, image[toMeshName(wire)]]));
    return toImage(attributes as WireImage);
  });
}

/** Whether there are more images is not told, but costs the others next to nothing. */
const toldByList: ReadonlySet<string> = new Set(['edges', 'pageInfo', '__typename']);

const isSwitch = (variable: string): boolean => variable.startsWith('field_');

function operationOf({ document }: Question): OperationDefinitionNode {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Expected an operation.');
  return operation;
}
