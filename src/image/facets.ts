import { toComparedText } from './ask.ts';
import { type Field, readOrNull } from './field.ts';
import { bootFields, imageFields, osFields, requirementFields, storageFields, supportFields } from './fields.ts';
import { groups } from './groups.ts';
import type { WireImage } from './source.ts';
import { type Tag, tagToText } from './structures.ts';

/** A way to divide images by the values of an attribute. */
export interface Facet {
  readonly name: string;
  /** The criterion that takes these values, as its place in a filter. */
  readonly criterion: string;
  /** All criteria of the same attribute, this one and others such as `platformMatches`, as their places in a filter. */
  readonly ofAttribute: ReadonlySet<string>;
  readonly description: string;
  /** The image's values, spelled as the criterion takes them. */
  valuesOf(image: WireImage): readonly string[];
}

const toText = (value: unknown): string[] => {
  const text = toComparedText(value);
  return text === null ? [] : [text];
};

const criteria = groups.flatMap(({ name: group, criteria: of }) =>
  Object.entries(of).map(([name, { wire }]) => ({ place: group === '' ? name : `${group}.${name}`, wire })),
);

/** The places of all criteria that are decided by the same attribute as this one. */
function placesBeside(criterion: string): ReadonlySet<string> {
  const wire = criteria.find(({ place }) => place === criterion)?.wire;
  if (wire == null) throw new TypeError(`${criterion} is no criterion of an attribute`);
  return new Set(criteria.filter((one) => one.wire === wire).map(({ place }) => place));
}

const facet = (name: string, criterion: string, field: Field): Facet => ({
  name,
  criterion,
  ofAttribute: placesBeside(criterion),
  description: field.description,
  valuesOf: (image) => {
    const value = readOrNull(field, image);
    return Array.isArray(value) ? [...new Set(value.flatMap(toText))] : toText(value);
  },
});

const tagsOf = (image: WireImage): readonly Tag[] => readOrNull(imageFields.tags, image) ?? [];

/** Everything that is counted by, in the order in which a picker shows it. */
export const facets: readonly Facet[] = [
  facet('type', 'type', imageFields.type),
  facet('status', 'status', imageFields.status),
  facet('visibility', 'visibility', imageFields.visibility),
  facet('environment', 'environment', imageFields.environment),
  facet('platform', 'os.platform', osFields.platform),
  facet('osVersion', 'os.version', osFields.version),
  facet('osType', 'os.type', osFields.type),
  facet('osBit', 'os.bit', osFields.bit),
  {
    name: 'architecture',
    criterion: 'os.architecture',
    ofAttribute: placesBeside('os.architecture'),
    description: 'Processor architecture.',
    valuesOf: (image) => [readOrNull(supportFields.arm, image) === true ? 'ARM' : 'X86'],
  },
  facet('diskFormat', 'storage.diskFormat', storageFields.diskFormat),
  facet('firmware', 'boot.firmware', bootFields.firmware),
  facet('agent', 'agents', imageFields.agents),
  facet('minDiskGiB', 'requirements.minDiskGiB', requirementFields.minDiskGiB),
  facet('minRamMiB', 'requirements.minRamMiB', requirementFields.minRamMiB),
  facet('owner', 'owner', imageFields.owner),
  facet('enterpriseProjectId', 'enterpriseProjectId', imageFields.enterpriseProjectId),
  {
    name: 'tag',
    criterion: 'tags',
    ofAttribute: placesBeside('tags'),
    description: 'Tags, written `key=value`, or the mere key.',
    valuesOf: (image) => [...new Set(tagsOf(image).map(tagToText))],
  },
  {
    name: 'tagKey',
    criterion: 'tagKeys',
    ofAttribute: placesBeside('tagKeys'),
    description: 'Keys of tags.',
    valuesOf: (image) => [...new Set(tagsOf(image).map(({ key }) => key))],
  },
];

/** What images can be grouped by: GraphQL name and how an image's group is called. */
export const groupings = {
  PLATFORM: { description: 'Distribution.', valueOf: firstOf('platform') },
  OS_VERSION: { description: 'Release.', valueOf: firstOf('osVersion') },
  ARCHITECTURE: { description: 'Processor architecture.', valueOf: firstOf('architecture') },
  OS_BIT: { description: 'Word size.', valueOf: firstOf('osBit') },
  TYPE: { description: 'Public, private, shared or from the marketplace.', valueOf: firstOf('type') },
  ENVIRONMENT: { description: 'What the image is used for.', valueOf: firstOf('environment') },
  NAME: { description: 'Name.', valueOf: (image: WireImage) => readOrNull(imageFields.name, image) ?? '' },
} as const;

export type Grouping = keyof typeof groupings;

function firstOf(name: string): (image: WireImage) => string {
  const of = facets.find((one) => one.name === name);
  return (image) => of?.valuesOf(image)[0] ?? '';
}
