import { type DocumentNode, getNamedType, isLeafType, print, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { supportFields } from '../src/image/fields.ts';
import { type Group, groups } from '../src/image/groups.ts';
import { schema } from './shape.ts';

/** An attribute that is selected, with the directives of the selection. */
export interface SelectedAttribute {
  readonly wire: string;
  readonly directives: string;
}

/** The attributes that a document selects of images, upstream's spelling. Throws where a field is none of one. */
export function selectedAttributes(document: DocumentNode): SelectedAttribute[] {
  const selected = new Map<string, SelectedAttribute>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const group = groups.find(({ type }) => type === types.getParentType()?.name);
        const type = types.getType();
        if (group === undefined || node.name.value === '__typename' || type == null) return undefined;
        if (!isLeafType(getNamedType(type)) && !(node.name.value in group.fields)) return undefined;
        const wire = wireOf(node.name.value, group);
        const directives = (node.directives ?? []).map(print).join(' ');
        // Two fields of one attribute may be left out apart from each other: then it is asked for in any case.
        const isShared = selected.has(wire) && selected.get(wire)?.directives !== directives;
        selected.set(wire, { wire, directives: isShared ? '' : directives });
        return false;
      },
    }),
  );
  return [...selected.values()];
}

function wireOf(name: string, group: Group): string {
  const field = group.fields[name] ?? group.fields[name.replace(/Raw$/, '')];
  if (field !== undefined) return field.wire;
  if (group.name === 'os' && name === 'architecture') return supportFields.arm.wire;
  throw new Error(`${group.type}.${name}: expected an attribute.`);
}
