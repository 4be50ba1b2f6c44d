import { OriginKind } from '../image/enums.ts';
import { read, shown } from '../image/field.ts';
import { flag } from '../image/kinds.ts';
import { rangeOperators } from '../image/range.ts';
import { type DataOrigin, type OsFeatures, osFeatures, type Tag } from '../image/structures.ts';
import { textOperators } from '../image/text-match.ts';
import { timeOperators } from '../image/time.ts';
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
      Object.entries(osFeatures).map(([name, { key, description }]) => {
        const feature = shown(key, flag, description);
        return [
          name,
          t.boolean({
            nullable: true,
            description: `${description} Upstream: \`${key}\`.`,
            resolve: (features) => read(feature, features),
          }),
        ];
      }),
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

builder.inputType('ImageDateTimeFilter', {
  description:
    'Comparisons with times in whole seconds; all that are given must hold, so that two make a range. An image without the time satisfies none.',
  fields: (t) =>
    Object.fromEntries(
      timeOperators.map(([name, , description]) => [name, t.field({ type: 'DateTime', description })]),
    ),
});

builder.inputType('ImageTextFilter', {
  description:
    'Comparisons of text; all that are given must hold, and of several values of one, any will do. Upper and lower case are ' +
    'the same unless `caseSensitive`. An absent text satisfies none of them but `present: false`.',
  fields: (t) => ({
    ...Object.fromEntries(textOperators.map(([name, description]) => [name, t.stringList({ description })])),
    present: t.boolean({ description: 'Whether there is a text at all.' }),
    caseSensitive: t.boolean({ description: 'Whether upper and lower case differ. By default they do not.' }),
  }),
});

for (const [name, type] of [
  ['ImageIntRange', 'Int'],
  ['ImageBigIntRange', 'BigInt'],
] as const) {
  builder.inputType(name, {
    description: 'A range of numbers; all bounds that are given must hold. An absent number lies in no range.',
    fields: (t) =>
      Object.fromEntries(rangeOperators.map(([operator, description]) => [operator, t.field({ type, description })])),
  });
}

builder.inputType('ImageFitInput', {
  description: 'A server or disk that an image should run on. Where an image sets no bound, it fits.',
  fields: (t) => ({
    diskGiB: t.int({ description: 'The disk: the image needs no more.' }),
    ramMiB: t.int({ description: 'The memory: the image needs no more, and can use as much.' }),
  }),
});

builder.inputType('ImageOsFeaturesFilter', {
  description: 'Features of an operating system; all that are given must hold. False also means that nothing is said.',
  fields: (t) =>
    Object.fromEntries(Object.entries(osFeatures).map(([name, { description }]) => [name, t.boolean({ description })])),
});

/** Equality with a property that has no criterion of its own. */
export const ImageProperty = builder.inputType('ImagePropertyInput', {
  description: 'A property that the manual does not list as a criterion, such as `__support_s4l` of bare metal boards.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The property as upstream spells it.' }),
    value: t.string({ description: 'Its exact value, 1 to 255 characters. Without it, any value.' }),
  }),
});
