import { Architecture } from '../image/enums.ts';
import { read } from '../image/field.ts';
import { imageFields, supportFields } from '../image/fields.ts';
import { type GroupName, groups } from '../image/groups.ts';
import type { WireImage } from '../image/source.ts';
import { builder, REQUEST_COST } from './builder.ts';
import { outputEnum } from './enums.ts';
import { type ImageFieldBuilder, type ImageFields, objectFields } from './from-fields.ts';

const [imageGroup, ...namedGroups] = groups;

/** A disk image; its backing value is upstream's own object. */
export const Image = builder.objectRef<WireImage>('Image');

/** A group of attributes stands on the image itself: what reads fields may read those of a group from there. */
export const itself = (image: WireImage): WireImage => image;

/** Fields that are worked out of attributes, by group. */
const derivedFields: { readonly [Name in GroupName]?: (t: ImageFieldBuilder) => ImageFields } = {
  os: (t) => ({
    architecture: t.field({
      type: outputEnum(Architecture),
      nullable: true,
      description: `Processor architecture: Arm where upstream's \`${supportFields.arm.wire}\` is true, otherwise x86.`,
      resolve: (image) => (read(supportFields.arm, image) === true ? 'ARM' : 'X86'),
    }),
  }),
};

const groupFields = namedGroups.map(({ name, type, description, fields }) => {
  const ref = builder.objectRef<WireImage>(type).implement({
    description,
    fields: (t) => ({ ...objectFields(t, fields), ...derivedFields[name]?.(t) }),
  });
  return { name, ref, description };
});

const { id, ...ownFields } = imageFields;

Image.implement({
  description: imageGroup.description,
  interfaces: [builder.nodeInterfaceRef()],
  isTypeOf: () => true,
  directives: { key: { fields: 'id' } },
  fields: (t) => ({
    // Not the plugin's own, which makes a promise of each id.
    id: t.id({ nullable: false, description: id.description, resolve: (image) => image.id }),
    ...objectFields(t, ownFields),
    ...Object.fromEntries(
      groupFields.map(({ name, ref, description }) => [
        name,
        t.field({ type: ref, nullable: false, description, resolve: itself }),
      ]),
    ),
    raw: t.field({
      type: 'JSON',
      nullable: false,
      description: 'The image as upstream sent it, with attributes that this schema does not know.',
      resolve: (image) => image,
    }),
  }),
});

builder.queryField('image', (t) =>
  t.field({
    type: Image,
    nullable: true,
    complexity: REQUEST_COST,
    description: 'The image of this id, or null if the caller sees none.',
    args: { id: t.arg.id({ required: true, description: 'The IMS image id.' }) },
    resolve: (_root, args, { imageById }) => imageById.load(args.id),
  }),
);
