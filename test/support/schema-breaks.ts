import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

/** A change that can make an operation fail, or answer otherwise, that ran against the released schema. */
export interface SchemaBreak {
  /** The kind of change and its place, such as `FIELD_REMOVED Image.name`. */
  readonly change: string;
  readonly message: string;
}

/** How a deprecation says from when on its part of the schema may go. */
export const deprecationReason = /^\S.* Goes no earlier than (\d{4}-\d\d-\d\d)\.$/s;

/**
 * Every break between two schemas. What the released one deprecates may go from the day that it names; a default that
 * changes is a break as well, as it gives old operations another answer.
 */
export async function schemaBreaks(
  released: GraphQLSchema,
  current: GraphQLSchema,
  today: Date,
): Promise<SchemaBreak[]> {
  const changes: readonly Change[] = await diff(released, current);
  return changes
    .filter(
      ({ criticality, type }) =>
        criticality.level === CriticalityLevel.Breaking || /_DEFAULT(_VALUE)?_CHANGED$/.test(type),
    )
    .filter(({ type, path = '' }) => !(type.endsWith('_REMOVED') && hasRunOut(released, path, today)))
    .map(({ type, path = '', message }) => ({ change: `${type} ${path}`, message }));
}

function hasRunOut(schema: GraphQLSchema, path: string, today: Date): boolean {
  const day = deprecationReason.exec(deprecationOf(schema, path) ?? '')?.[1];
  return day !== undefined && Date.parse(day) <= today.getTime();
}

/** Why the part of a schema at a path such as `Type.field` or `Type.field.argument` is deprecated, if it is. */
function deprecationOf(schema: GraphQLSchema, path: string): string | null | undefined {
  const [typeName = '', name = '', argument] = path.split('.');
  const type = schema.getType(typeName);
  if (isEnumType(type)) return type.getValue(name)?.deprecationReason;
  if (isInputObjectType(type)) return type.getFields()[name]?.deprecationReason;
  if (!isObjectType(type) && !isInterfaceType(type)) return null;
  const field = type.getFields()[name];
  return argument === undefined
    ? field?.deprecationReason
    : field?.args.find(({ name: one }) => one === argument)?.deprecationReason;
}
