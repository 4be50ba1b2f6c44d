import type { EnumRef } from '@pothos/core';
import { type Enumeration, OTHER } from '../image/enums.ts';
import { builder } from './builder.ts';

type StringEnum = EnumRef<(typeof builder)['$inferSchemaTypes'], string>;

const once = (build: (enumeration: Enumeration) => StringEnum): ((enumeration: Enumeration) => StringEnum) => {
  const built = new Map<Enumeration, StringEnum>();
  return (enumeration) => {
    const ref = built.get(enumeration) ?? build(enumeration);
    built.set(enumeration, ref);
    return ref;
  };
};

const documented = ({ values }: Enumeration) =>
  Object.fromEntries(
    Object.entries(values).map(([name, { wire, description }]) => [
      name,
      { value: name, description: `${description} Upstream: \`${wire}\`.` },
    ]),
  );

/** The enumeration as answers show it: open where upstream may send what the manual does not list. */
export const outputEnum = once((enumeration) => {
  const { name, description, isClosed } = enumeration;
  const known = documented(enumeration);
  if (isClosed) return builder.enumType(name, { description, values: known });
  const unknown = 'A value that this schema does not know; the raw text stands in the field beside it.';
  const meaning = known[OTHER] === undefined ? unknown : `${known[OTHER].description} Or: ${unknown}`;
  return builder.enumType(name, {
    description,
    values: { ...known, [OTHER]: { value: OTHER, description: meaning } },
  });
});

/** The enumeration as arguments take it: closed to what the manual lists. */
export const inputEnum = once((enumeration) =>
  builder.enumType(`${enumeration.name}Input`, {
    description: `${enumeration.description} As a search criterion.`,
    values: documented(enumeration),
  }),
);
