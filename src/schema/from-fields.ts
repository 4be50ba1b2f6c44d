import type { FieldMap, InputFieldBuilder, ObjectFieldBuilder } from '@pothos/core';
import type { Criterion, Field } from '../image/field.ts';
import { read, shown } from '../image/field.ts';
import { groups } from '../image/groups.ts';
import { text } from '../image/kinds.ts';
import type { WireImage } from '../image/source.ts';
import type { builder } from './builder.ts';
import { inputEnum, outputEnum } from './enums.ts';

// The interpreter of the tables in image/fields.ts. Types are chosen at run time here, so the casts of the schema are here.

type Types = (typeof builder)['$inferSchemaTypes'];

/** Where each attribute stands on `Image`. */
const places = new Map(
  groups.flatMap(({ name: group, fields }) =>
    Object.entries(fields).map(([name, { wire }]) => [wire, group === '' ? name : `${group}.${name}`] as const),
  ),
);

export type ImageFieldBuilder = ObjectFieldBuilder<Types, WireImage>;
export type ImageFields = FieldMap;

/** The object fields of a table; an enumeration also gets its raw text, under its name with `Raw` at the end. */
export function objectFields(t: ImageFieldBuilder, fields: Readonly<Record<string, Field>>): ImageFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const { output, list } = field.kind;
      const type = typeof output === 'string' ? output : outputEnum(output);
      const value = t.field({
        type: (list ? [type] : type) as 'String',
        nullable: true,
        description: `${field.description} Upstream: \`${field.wire}\`.`,
        resolve: (image) => read(field, image) as string | null,
      });
      if (typeof output === 'string') return [[name, value] as const];
      const rawField = shown(field.wire, text, '');
      const raw = t.string({
        nullable: true,
        description: `\`${name}\` as upstream spells it.`,
        resolve: (image) => read(rawField, image),
      });
      return [[name, value] as const, [`${name}Raw`, raw] as const];
    }),
  );
}

/** The input fields of a table of criteria. */
export function inputFields(t: InputFieldBuilder<Types, 'InputObject'>, criteria: Readonly<Record<string, Criterion>>) {
  return Object.fromEntries(
    Object.entries(criteria).map(([name, { parameter, ask, description }]) => {
      const type = typeof ask.input === 'string' ? ask.input : inputEnum(ask.input);
      const how = parameter === null ? 'Decided by the gateway.' : `Upstream parameter: \`${parameter}\`.`;
      const options = { description: [description, ask.note, how].filter((part) => part !== '').join(' ') };
      return [name, t.field({ ...options, type: (ask.list ? [type] : type) as 'String' })] as const;
    }),
  );
}

/** Values of an enumeration that name attributes, by upstream's spellings; each is described as the attribute is. */
export function attributeEnumValues<Name extends string>(wires: Readonly<Record<Name, string>>, note: string) {
  const values = Object.entries<string>(wires).map(([name, wire]) => [
    name,
    { value: name, description: `By \`${places.get(wire)}\`. ${note} Upstream: \`${wire}\`.` },
  ]);
  return Object.fromEntries(values) as { [N in Name]: { value: N; description: string } };
}
