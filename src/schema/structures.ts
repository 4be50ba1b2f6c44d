import { OriginKind } from '../image/enums.ts';
import { read, shown } from '../image/field.ts';
import { flag, timeOperators } from '../image/kinds.ts';
import { type DataOrigin, type OsFeatures, osFeatures, type Tag } from '../image/structures.ts';
import { builder } from './builder.ts';
import { outputEnum } from './enums.ts';

builder.objectRef<Tag>('ImageTag').implement({
  description: 'A tag of an image.',
  fields: (t) => ({
    key: t.exposeString('key', {
      nullable: false,
      description: 'What stands before the first `=` (in old tags: `.`).',
    }),
    value: t.exposeString('value', { nullable: true, description: 'What stands behind it; null for a mere key.' }),
  }),
});

builder.objectRef<OsFeatures>('ImageOsFeatures').implement({
  description: 'What an operating system is prepared for; null where upstream does not say.',
  fields: (t) =>
    Object.fromEntries(
      Object.entries(osFeatures).map(([name, { key, description }]) => [
        name,
        t.boolean({
          nullable: true,
          description: `${description} Upstream: \`${key}\`.`,
          resolve: (features) => read(shown(key, flag, description), features),
        }),
      ]),
    ),
});

builder.objectRef<DataOrigin>('ImageDataOrigin').implement({
  description: 'What the data of an image came from.',
  fields: (t) => ({
    kind: t.field({
      type: outputEnum(OriginKind),
      nullable: true,
      description: 'The kind of thing.',
      resolve: ({ kind }) => kind,
    }),
    region: t.exposeString('region', { nullable: true, description: 'The region, for a copy of an image.' }),
    id: t.exposeString('id', { nullable: true, description: 'Which one; see `kind`.' }),
    raw: t.exposeString('raw', { nullable: true, description: 'The whole, as upstream spells it.' }),
  }),
});

builder.inputType('ImageTagInput', {
  description: 'A tag to search by.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The key: 1 to 128 characters without `=`.' }),
    value: t.string({ description: 'The value, up to 128 characters. Without it, tags that are this mere key.' }),
  }),
});

builder.inputType('DateTimeFilter', {
  description: 'A comparison with a time in whole seconds. Exactly one, as upstream takes one.',
  fields: (t) =>
    Object.fromEntries(
      timeOperators.map(([name, , description]) => [name, t.field({ type: 'DateTime', description })]),
    ),
});

/** Equality with a property that has no criterion of its own. */
export const ImageProperty = builder.inputType('ImagePropertyInput', {
  description: 'A property that the manual does not list as a criterion, such as `__support_s4l` of bare metal boards.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The property as upstream spells it.' }),
    value: t.string({ required: true, description: 'Its exact value, 1 to 255 characters.' }),
  }),
});
