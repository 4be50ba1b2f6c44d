import { exclusions, requirements } from '../image/combinations.ts';
import { wireToName } from '../image/enums.ts';
import { InputError } from '../image/errors.ts';
import type { Criterion } from '../image/field.ts';
import { groups } from '../image/groups.ts';
import { isRecord } from '../image/json.ts';
import { isPlainText, isPropertyName } from '../image/kinds.ts';
import type { Parameter } from '../image/query-string.ts';
import { show } from '../image/show.ts';

/** The value of the `filter` argument, as the schema's input types let it through. */
export type ImageFilter = Readonly<Record<string, unknown>>;

interface GivenCriterion {
  /** The argument that a person wrote, such as `filter.os.type`. */
  readonly argument: string;
  readonly value: unknown;
  readonly parameter: Parameter;
}

/**
 * The filter as upstream's parameters, one for each criterion. Throws an `InputError` for what upstream cannot answer,
 * as for the parameters that it lacks: no criterion is ever dropped.
 */
export function filterToParameters(filter: ImageFilter, unsupported: ReadonlySet<string> = new Set()): Parameter[] {
  const given = [...groups.flatMap((group) => givenOf(filter, group)), ...givenProperties(filter['properties'])];
  refuseUnsupported(given, unsupported);
  refuseCombinations(given);
  return given.map(({ parameter }) => parameter);
}

function givenOf(filter: ImageFilter, group: (typeof groups)[number]): GivenCriterion[] {
  const values = group.name === '' ? filter : filter[group.name];
  if (!isRecord(values)) return [];
  return Object.entries(group.criteria).flatMap(([name, criterion]) => {
    const value = values[name];
    if (value === undefined || value === null) return [];
    const argument = toArgument(group.name, name);
    return [{ argument, value, parameter: [criterion.parameter, encode(criterion, argument, value)] }];
  });
}

function encode({ ask }: Criterion, argument: string, value: unknown): string {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const one of values) {
    if (!ask.accepts(one)) throw new InputError(argument, ask.expected, show(one));
  }
  const [only, ...others] = new Set(values.map((one) => ask.encode(one)));
  if (only === undefined || others.length > 0) {
    throw new InputError(
      argument,
      'exactly one value, as upstream compares with one',
      `${values.length}: ${show(value)}`,
    );
  }
  return only;
}

const toArgument = (group: string, name: string): string =>
  ['filter', group, name].filter((part) => part !== '').join('.');

/** Most properties of one filter. */
const MAX_PROPERTIES = 20;

/** Every parameter that has an argument of its own, and that argument. */
const typedArguments = new Map(
  groups.flatMap(({ name: group, criteria }) =>
    Object.entries(criteria).map(([name, { parameter, ask }]) => {
      const argument = toArgument(group, name);
      const showValue = (wire: string) => (typeof ask.input === 'string' ? wire : wireToName(ask.input, wire));
      return [parameter, { argument, showValue }] as const;
    }),
  ),
);

function givenProperties(properties: unknown): GivenCriterion[] {
  if (!Array.isArray(properties)) return [];
  if (properties.length > MAX_PROPERTIES) {
    throw new InputError('filter.properties', `at most ${MAX_PROPERTIES} properties`, String(properties.length));
  }
  const seen = new Set<string>();
  return properties.filter(isRecord).map(({ name, value }, i) => {
    const argument = `filter.properties[${i}]`;
    const parameter: Parameter = [String(name), String(value)];
    const typed = typedArguments.get(parameter[0]);
    if (typed !== undefined) {
      throw new InputError(
        `${argument}.name`,
        `a property without an argument of its own, as "${typed.argument}" is one`,
        show(name),
      );
    }
    if (!isPropertyName(parameter[0])) {
      throw new InputError(
        `${argument}.name`,
        'the name of an image property, which begins with "__", "_sys_", "hw_" or "os_"',
        show(name),
      );
    }
    if (!isPlainText(parameter[1])) {
      throw new InputError(`${argument}.value`, '1 to 255 characters', show(value));
    }
    if (seen.has(parameter[0])) throw new InputError(`${argument}.name`, 'each property once', show(name));
    seen.add(parameter[0]);
    return { argument, value, parameter };
  });
}

function refuseUnsupported(given: readonly GivenCriterion[], unsupported: ReadonlySet<string>): void {
  const one = given.find(({ parameter }) => unsupported.has(parameter[0]));
  if (one === undefined) return;
  throw new InputError(
    one.argument,
    'nothing, as the image service of this cloud lacks this criterion',
    show(one.value),
  );
}

function refuseCombinations(given: readonly GivenCriterion[]): void {
  const byParameter = new Map(given.map((one) => [one.parameter[0], one]));
  for (const [parameter, others] of exclusions) {
    const one = byParameter.get(parameter);
    const other = others.map((name) => byParameter.get(name)).find((found) => found !== undefined);
    if (one === undefined || other === undefined) continue;
    throw new InputError(
      one.argument,
      `no "${other.argument}" beside it, as upstream forbids the two together`,
      'both',
    );
  }
  for (const [parameter, other, value] of requirements) {
    const one = byParameter.get(parameter);
    const beside = byParameter.get(other);
    if (one === undefined || beside?.parameter[1] === value) continue;
    const wanted = typedArguments.get(other);
    throw new InputError(
      one.argument,
      `"${wanted?.argument}: ${wanted?.showValue(value)}" beside it`,
      beside === undefined ? `no "${wanted?.argument}"` : show(beside.value),
    );
  }
}
