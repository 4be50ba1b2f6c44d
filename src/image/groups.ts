import { criteriaOf, type Criterion, type Field } from './field.ts';
import * as tables from './fields.ts';

export type GroupName = '' | 'os' | 'requirements' | 'storage' | 'supports' | 'boot' | 'origin' | 'market' | 'links';

/** Attributes that a person looks for together: one GraphQL object type, and one input type where any can be searched. */
export interface Group {
  /** The field of `Image` and of `ImageFilter` that holds the group; empty for what stands on those themselves. */
  readonly name: GroupName;
  /** The GraphQL type; its input counterpart is called the same with `Filter` at the end. */
  readonly type: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** What images can be searched by: criteria of the fields, and those beside them, by GraphQL name. */
  readonly criteria: Readonly<Record<string, Criterion>>;
}

const group = (
  name: GroupName,
  type: string,
  description: string,
  fields: Readonly<Record<string, Field>>,
  searchOnly: Readonly<Record<string, Criterion>> = {},
): Group => {
  const own = Object.entries(fields).flatMap(([field, of]) => criteriaOf(field, of));
  return { name, type, description, fields, criteria: { ...Object.fromEntries(own), ...searchOnly } };
};

/** Every attribute and criterion of the manual, in the shape that GraphQL shows. */
export const groups: readonly [Group, ...Group[]] = [
  group('', 'Image', 'A disk image that servers and disks are made from.', tables.imageFields, tables.imageCriteria),
  group('os', 'ImageOs', 'The operating system in an image.', tables.osFields, tables.osCriteria),
  group('requirements', 'ImageRequirements', 'What a server needs to run an image.', tables.requirementFields),
  group('storage', 'ImageStorage', 'The file of an image and how it is kept.', tables.storageFields),
  group(
    'supports',
    'ImageSupports',
    'The kinds of server and device that an image is made for.',
    tables.supportFields,
    tables.supportCriteria,
  ),
  group('boot', 'ImageBoot', 'How a server made from an image starts and stops.', tables.bootFields),
  group('origin', 'ImageOrigin', 'Where an image came from.', tables.originFields),
  group('market', 'ImageMarket', 'An image as a product of KooGallery, the marketplace.', tables.marketFields),
  group('links', 'ImageLinks', 'Paths of an image in the image API.', tables.linkFields),
];

/** The query parameter of every search criterion that upstream can be asked by; one may have several criteria. */
export const searchParameters: ReadonlySet<string> = new Set(
  groups.flatMap(({ criteria }) =>
    Object.values(criteria).flatMap(({ parameter }) => (parameter === null ? [] : [parameter])),
  ),
);
