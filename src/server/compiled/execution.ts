import type { FragmentDefinitionNode, GraphQLResolveInfo, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { ImageContext } from '../../schema/context.ts';

/** One run of a compiled operation. */
export interface Execution {
  readonly context: ImageContext;
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
  /** The values of all variables, coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Where a value stands in the answer, as resolvers are told. */
export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

/** Makes of what a resolver gave what stands in the answer. Gives a promise only where it has to wait. */
export type Complete = (value: unknown, execution: Execution, path: Path | undefined) => unknown;

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

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
