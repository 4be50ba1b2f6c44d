import { groups } from '../image/groups.ts';
import { MAX_FILTER_DEPTH } from '../query/filter.ts';
import { builder } from './builder.ts';
import { inputFields } from './from-fields.ts';
import { ImageProperty } from './structures.ts';

const [imageGroup, ...namedGroups] = groups;

const groupFilters = namedGroups
  .filter(({ criteria }) => Object.keys(criteria).length > 0)
  .map(({ name, type, description, criteria }) => {
    const ref = builder.inputType(`${type}Filter`, {
      description: `${description} As search criteria; all that are given must hold.`,
      fields: (t) => inputFields(t, criteria),
    });
    return { name, ref, description };
  });

/** Which images are wanted: every criterion of the tables, and what combines them. */
export const ImageFilter = builder.inputRef<Readonly<Record<string, unknown>>>('ImageFilter');

ImageFilter.implement({
  description:
    'Search criteria; all that are given must hold. One that is absent or null does not restrict; an empty list is refused. ' +
    'What upstream can compare is asked of it, the rest is decided by the gateway, and every page is full all the same.',
  fields: (t) => ({
    ...inputFields(t, imageGroup.criteria),
    ...Object.fromEntries(
      groupFilters.map(({ name, ref, description }) => [name, t.field({ type: ref, description })]),
    ),
    properties: t.field({
      type: [ImageProperty],
      description: 'Image properties that have no criterion of their own; all must be there. Each property once.',
    }),
    and: t.field({
      type: [ImageFilter],
      description: `All of these must hold. At most ${MAX_FILTER_DEPTH} levels of \`and\`, \`or\` and \`not\`.`,
    }),
    or: t.field({ type: [ImageFilter], description: 'At least one of these must hold, beside all other criteria.' }),
    not: t.field({ type: [ImageFilter], description: 'None of these may hold.' }),
  }),
});
