import type { FragmentDefinitionNode, GraphQLResolveInfo, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { ImageContext } from '../../schema/context.ts';
import type { FieldPlan } from './field-plan.ts';
import type { Piece } from './pieces.ts';
import type { Steps } from './steps.ts';
import type { Variables } from './variables.ts';

/** One run of a compiled operation. */
export interface Execution {
  readonly context: ImageContext;
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
  /** The values of all variables, coerced. */
  readonly variables: Variables;
  /** How objects are written in this answer, where that depends on variables. */
  readonly steps: Map<readonly FieldPlan[], Steps>;
}

/** Where a value stands in the answer, as resolvers are told. */
export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

/** Makes of what a resolver gave what stands in the answer. */
export interface Complete {
  /** Whether it looks at the place of the value, or something within it does. */
  readonly isPlaced: boolean;
  /** The value as JSON, a character for each byte of it. Gives a promise only where it has to wait. */
  readonly write: Write;
  /** The fields that are written of an object of its type; absent where whether it is one has to be found out first. */
  readonly fields?: readonly FieldPlan[] | undefined;
}

export type Write = (value: unknown, execution: Execution, path: Path | undefined) => Piece;

/** What graphql tells resolvers; libraries that are loaded beside it may have declared more, for executors of their own. */
type ResolveInfo = Pick<
  GraphQLResolveInfo,
  | 'fieldName'
  | 'fieldNodes'
  | 'returnType'
  | 'parentType'
  | 'path'
  | 'schema'
  | 'fragments'
  | 'rootValue'
  | 'operation'
  | 'variableValues'
>;

/** What resolvers are told of where they are. */
export type ToInfo = (execution: Execution, path: Path | undefined) => ResolveInfo;

/** Whether a resolver's value is still to come. Ours give promises, and nothing else that has a `then`. */
export const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;
