import { defaultOrder, sortKeys } from '../image/order.ts';
import { groups } from '../image/groups.ts';
import { pageSizeOf, planPage } from '../query/page.ts';
import { builder, REQUEST_COST } from './builder.ts';
import { inputFields, wireEnumValues } from './from-fields.ts';
import { Image } from './image.ts';
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

const ImageFilter = builder.inputType('ImageFilter', {
  description:
    'Search criteria; all that are given must hold. One that is absent or null does not restrict. Upstream compares ' +
    'each with one value, so a list of several is refused, and so is every combination that upstream forbids.',
  fields: (t) => ({
    ...inputFields(t, imageGroup.criteria),
    ...Object.fromEntries(
      groupFilters.map(({ name, ref, description }) => [name, t.field({ type: ref, description })]),
    ),
    properties: t.field({
      type: [ImageProperty],
      description: 'Equality with image properties that have no criterion of their own. Each property once.',
    }),
  }),
});

const ImageOrderField = builder.enumType('ImageOrderField', {
  description: 'What images can be sorted by. Equal values are sorted by creation time, then by id.',
  values: wireEnumValues(sortKeys),
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which end of the order comes first.',
  values: {
    ASC: { value: 'ASC', description: 'Least, earliest or first in the alphabet first.' },
    DESC: { value: 'DESC', description: 'Greatest, latest or last in the alphabet first.' },
  },
});

const ImageOrder = builder.inputType('ImageOrder', {
  description: 'The order of a list of images.',
  fields: (t) => ({
    field: t.field({ type: ImageOrderField, required: true, description: 'What to sort by.' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: defaultOrder.direction,
      description: 'Which end comes first; by default the last one, as upstream has it: for names Z to A.',
    }),
  }),
});

builder.queryField('images', (t) =>
  t.connection(
    {
      type: Image,
      nullable: false,
      description: 'Images that match the filter, page by page in either direction. One page is one upstream request.',
      args: {
        filter: t.arg({ type: ImageFilter, description: 'Which images. Without it, all that the caller sees.' }),
        orderBy: t.arg({
          type: ImageOrder,
          defaultValue: defaultOrder,
          description: 'In which order. By default the newest first.',
        }),
      },
      complexity: (args) => ({ field: REQUEST_COST, multiplier: pageSizeOf(args) }),
      resolve: async (_root, args, context) => {
        const plan = planPage(args, context.unsupportedParameters);
        const { images } = await context.listImages(plan.query).catch(plan.explainFailure);
        const page = plan.toPage(images);
        context.usage.rowsReturned += page.edges.length;
        return page;
      },
    },
    { name: 'ImageConnection', description: 'A page of images.' },
    { name: 'ImageEdge', description: 'An image and its place in the list.' },
  ),
);
