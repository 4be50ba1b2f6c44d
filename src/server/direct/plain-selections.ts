import {
  type ArgumentNode,
  DirectiveLocation,
  type DirectiveNode,
  doTypesOverlap,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isCompositeType,
  isEqualType,
  isUnionType,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { limits } from '../plugins/use-limits.ts';
import { arePlainArguments, type PlainVariables } from './plain-values.ts';

/**
 * How much is looked at, of all operations together. Within these bounds graphql's own validation stays far from the
 * amount of work at which it gives a document up, and fragments that double do not double the work here.
 */
const bounds = { selections: 2000, spreads: 200, repeated: 100 } as const;

/** A walk over an operation, and into its fragments wherever they are spread. */
export interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: PlainVariables;
  aliases: number;
  directives: number;
  /** What all walks over a document came across. */
  readonly met: Met;
}

export interface Met {
  readonly fragments: Set<string>;
  selections: number;
  spreads: number;
  /** Fields under a key that had one before. */
  repeated: number;
}

/** What stands under each key of an object of the answer. */
export type Answer = Map<string, Answered>;
interface Answered {
  readonly node: FieldNode;
  readonly type: GraphQLOutputType;
  readonly fields: Answer;
}

const locations = {
  [Kind.FIELD]: DirectiveLocation.FIELD,
  [Kind.INLINE_FRAGMENT]: DirectiveLocation.INLINE_FRAGMENT,
  [Kind.FRAGMENT_SPREAD]: DirectiveLocation.FRAGMENT_SPREAD,
} as const;

/** Whether selections of a type are plainly valid beside those that the answer has already. */
export function arePlainSelections(
  walk: Walk,
  { selections }: SelectionSetNode,
  type: GraphQLCompositeType,
  answer: Answer,
  depth: number,
): boolean {
  return depth <= limits.depth && selections.every((node) => isPlainSelection(walk, node, type, answer, depth));
}

function isPlainSelection(
  walk: Walk,
  node: SelectionNode,
  type: GraphQLCompositeType,
  answer: Answer,
  depth: number,
): boolean {
  walk.met.selections += 1;
  if (walk.met.selections > bounds.selections) return false;
  if (!arePlainDirectives(walk, node.directives, locations[node.kind])) return false;
  if (node.kind === Kind.FIELD) return isPlainField(walk, node, type, answer, depth);
  if (node.kind === Kind.INLINE_FRAGMENT) return isPlainFragment(walk, node, type, answer, depth);
  const name = node.name.value;
  const fragment = walk.fragments.get(name);
  walk.met.spreads += 1;
  // Fragments within themselves end here too.
  if (fragment === undefined || walk.met.spreads > bounds.spreads) return false;
  walk.met.fragments.add(name);
  return (
    arePlainDirectives(walk, fragment.directives, DirectiveLocation.FRAGMENT_DEFINITION) &&
    isPlainFragment(walk, fragment, type, answer, depth)
  );
}

function isPlainField(walk: Walk, node: FieldNode, type: GraphQLCompositeType, answer: Answer, depth: number): boolean {
  const name = node.name.value;
  const definition =
    name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : isUnionType(type) ? undefined : type.getFields()[name];
  if (definition === undefined) return false;
  if (!arePlainArguments(walk.schema, definition.args, node.arguments, walk.variables)) return false;
  if (node.alias !== undefined) walk.aliases += 1;
  const key = node.alias?.value ?? name;
  let answered = answer.get(key);
  if (answered === undefined) {
    answered = { node, type: definition.type, fields: new Map() };
    answer.set(key, answered);
  } else {
    walk.met.repeated += 1;
    if (walk.met.repeated > bounds.repeated) return false;
    if (!areSame(node, answered.node) || !isEqualType(definition.type, answered.type)) return false;
  }
  const named = getNamedType(definition.type);
  if (!isCompositeType(named)) return node.selectionSet === undefined;
  if (node.selectionSet === undefined) return false;
  return arePlainSelections(walk, node.selectionSet, named, answered.fields, depth + 1);
}

function isPlainFragment(
  walk: Walk,
  { typeCondition, selectionSet }: FragmentDefinitionNode | InlineFragmentNode,
  type: GraphQLCompositeType,
  answer: Answer,
  depth: number,
): boolean {
  const on = typeCondition === undefined ? type : walk.schema.getType(typeCondition.name.value);
  if (!isCompositeType(on) || (on !== type && !doTypesOverlap(walk.schema, on, type))) return false;
  return arePlainSelections(walk, selectionSet, on, answer, depth);
}

/** Whether directives are plainly valid in this place. */
export function arePlainDirectives(
  walk: Walk,
  nodes: readonly DirectiveNode[] | undefined,
  location: DirectiveLocation,
): boolean {
  if (nodes === undefined || nodes.length === 0) return true;
  walk.directives += nodes.length;
  return nodes.every(({ name, arguments: given }, index) => {
    const definition = walk.schema.getDirective(name.value);
    return (
      definition?.locations.includes(location) === true &&
      nodes.findIndex((one) => one.name.value === name.value) === index &&
      arePlainArguments(walk.schema, definition.args, given, walk.variables)
    );
  });
}

/** Whether both ask for the same, whatever they are fields of. */
const areSame = (one: FieldNode, other: FieldNode): boolean =>
  one === other || (one.name.value === other.name.value && toText(one.arguments) === toText(other.arguments));

const toText = (nodes: readonly ArgumentNode[] | undefined): string => nodes?.map(print).join() ?? '';
