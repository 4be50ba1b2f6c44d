import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type Selections } from './collect-fields.ts';
import { type Complete, isPromise, type ToInfo } from './execution.ts';
import { compileField, type FieldPlan } from './field-plan.ts';
import { completeLeaf, NULL } from './leaf.ts';
import { keepText, toKeptTexts } from './kept-texts.ts';
import { toSteps } from './steps.ts';
import { addPiece, type Draft, finishDraft, forgetDraft } from './pieces.ts';
import { NotCompiled } from './not-compiled.ts';

/** Completes values of a type (GraphQL, section 6.4.3), objects by what the selection sets ask of them. */
export function completeType(
  selections: Selections,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  toInfo: ToInfo,
): Complete {
  if (isNonNullType(type)) {
    const { write, ...inner } = completeType(selections, type.ofType, sets, toInfo);
    return {
      ...inner,
      write(value, execution, path) {
        const text = write(value, execution, path);
        return typeof text === 'string' ? refuseNull(text) : text.then(refuseNull);
      },
    };
  }
  if (isLeafType(type)) return completeLeaf(type);
  if (isListType(type)) return completeList(completeType(selections, type.ofType, sets, toInfo));
  if (isObjectType(type)) return completeObject(selections, type, sets, toInfo);
  return completeAbstract(selections, type, sets, toInfo);
}

function refuseNull(text: string): string {
  if (text === NULL) throw new NotCompiled();
  return text;
}

function completeList({ isPlaced, write }: Complete): Complete {
  return {
    isPlaced,
    write(value, execution, path) {
      if (value === null || value === undefined) return NULL;
      if (!Array.isArray(value)) throw new NotCompiled();
      const items: readonly unknown[] = value;
      const draft: Draft = { text: '[', pieces: null };
      try {
        for (let index = 0; index < items.length; index += 1) {
          const item = items[index];
          const here = isPlaced ? { prev: path, key: index, typename: undefined } : undefined;
          if (index > 0) draft.text += ',';
          addPiece(
            draft,
            isPromise(item) ? item.then((given) => write(given, execution, here)) : write(item, execution, here),
          );
        }
      } catch (error) {
        forgetDraft(draft);
        throw error;
      }
      draft.text += ']';
      return finishDraft(draft);
    },
  };
}

function completeObject(
  selections: Selections,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  toInfo: ToInfo,
): Complete {
  const { isTypeOf } = type;
  const asksWhere = isTypeOf != null && isTypeOf.length > 2;
  const { isPlaced, write, fields } = completeSelections(selections, type, sets);
  return {
    isPlaced: isPlaced || asksWhere,
    fields: isTypeOf ? undefined : fields,
    write(value, execution, path) {
      if (value === null || value === undefined) return NULL;
      if (value instanceof Error) throw value;
      if (isTypeOf) {
        const info = asksWhere ? toInfo(execution, path) : undefined;
        if (Reflect.apply(isTypeOf, undefined, [value, execution.context, info]) !== true) throw new NotCompiled();
      }
      return write(value, execution, path);
    },
  };
}

function completeAbstract(
  selections: Selections,
  type: GraphQLAbstractType,
  sets: readonly SelectionSetNode[],
  toInfo: ToInfo,
): Complete {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const byName = new Map<string, Complete>(
    selections.schema.getPossibleTypes(type).map((one) => [one.name, completeObject(selections, one, sets, toInfo)]),
  );
  return {
    isPlaced: true,
    write(value, execution, path) {
      if (value === null || value === undefined) return NULL;
      if (value instanceof Error) throw value;
      const writeAs = (name: unknown) => {
        const complete = typeof name === 'string' ? byName.get(name) : undefined;
        if (complete === undefined) throw new NotCompiled();
        return complete.write(value, execution, path);
      };
      const name: unknown = Reflect.apply(resolveType, undefined, [
        value,
        execution.context,
        toInfo(execution, path),
        type,
      ]);
      return isPromise(name) ? name.then(writeAs) : writeAs(name);
    },
  };
}

/** Gives an object of an object type with the fields that are asked of it, in their order. */
export function completeSelections(
  selections: Selections,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Complete {
  const fields: readonly FieldPlan[] = collectFields(selections, type, sets).map((field) =>
    compileField(selections, type, field, completeType),
  );
  const stepsOf = toSteps(fields);
  const textsOf = toKeptTexts(type);
  return {
    isPlaced: fields.some((field) => field.isPlaced),
    fields,
    write(source, execution, path) {
      const { steps, end } = stepsOf(execution);
      const texts = textsOf(source);
      const draft: Draft = { text: '', pieces: null };
      try {
        for (const { label, write, number } of steps) {
          draft.text += label;
          const kept = texts === null || number === null ? undefined : texts[number];
          if (kept !== undefined) {
            draft.text += kept;
            continue;
          }
          const written = write(source, execution, path);
          if (texts !== null && number !== null && typeof written === 'string') keepText(texts, number, written);
          addPiece(draft, written);
        }
      } catch (error) {
        forgetDraft(draft);
        throw error;
      }
      draft.text += end;
      return finishDraft(draft);
    },
  };
}
