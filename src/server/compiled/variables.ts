import {
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { knownCoercionTo } from './known-values.ts';
import { NotCompiled } from './not-compiled.ts';

/** The values of an operation's variables, coerced; without those that have neither a value nor a default. */
export type Variables = Readonly<Record<string, unknown>>;

/** Makes variables of what a request gives (GraphQL, section 6.1.2). Throws where that does not fit. */
export type ToVariables = (given: Readonly<Record<string, unknown>>) => Variables;

/** Compiles the definitions of an operation's variables. */
export function compileVariables(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]): ToVariables {
  const variables = definitions.map(({ variable, type: typeNode, defaultValue }) => {
    const type = typeFromAST(schema, typeNode);
    // The interpreter loses what is given for a variable of that name, and its answer is the one that counts.
    if (!isInputType(type) || variable.name.value === '__proto__') throw new NotCompiled();
    const whenAbsent = defaultValue === undefined ? undefined : valueFromAST(defaultValue, type);
    return {
      name: variable.name.value,
      coerce: knownCoercionTo(schema, type),
      whenAbsent,
      isRequired: isNonNullType(type),
    };
  });
  return (given) => {
    const coerced: Record<string, unknown> = Object.create(null);
    for (const { name, coerce, whenAbsent, isRequired } of variables) {
      if (Object.hasOwn(given, name)) coerced[name] = coerce(given[name]);
      else if (whenAbsent !== undefined) coerced[name] = whenAbsent;
      else if (isRequired) throw new NotCompiled();
    }
    return coerced;
  };
}
