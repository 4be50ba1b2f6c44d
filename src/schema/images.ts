import { groupings } from '../image/facets.ts';
import { defaultOrder, sortKeys } from '../image/order.ts';
import { MAX_SORTING_KEYS, ownSortFields } from '../image/sorting.ts';
import { countAll, latestOf } from '../query/count.ts';
import { DEFAULT_PAGE_SIZE, type ImagesArguments, MAX_PAGE_SIZE } from '../query/page.ts';
import { planAgain } from '../query/plan-again.ts';
import { createMatches } from '../scan/read-matches.ts';
import { readPage } from '../scan/read-page.ts';
import { builder, REQUEST_COST } from './builder.ts';
import { ImageFacets, MAX_FACET_VALUES, toCount } from './facets.ts';
import { ImageFilter } from './filter-input.ts';
import { attributeEnumValues } from './from-fields.ts';
import { Image } from './image.ts';
import { ImageConnection } from './image-connection.ts';
import { tellIncomplete } from './incomplete.ts';

const ImageOrderField = builder.enumType('ImageOrderField', {
  description: 'What images can be sorted by. Absent values count as the least: an empty text, 0.',
  values: {
    ...attributeEnumValues(sortKeys, 'Upstream sorts by it.'),
    ...attributeEnumValues(ownSortFields, 'The gateway sorts by it, which needs all images that the filter finds.'),
  },
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which end of the order comes first.',
  values: {
    ASC: { value: 'ASC', description: 'Least, earliest or first in the alphabet first.' },
    DESC: { value: 'DESC', description: 'Greatest, latest or last in the alphabet first.' },
  },
});

const ImageOrder = builder.inputType('ImageOrder', {
  description: 'A key of the order of a list of images.',
  fields: (t) => ({
    field: t.field({
      type: ImageOrderField,
      required: true,
      description:
        'What to sort by. Upstream sorts by `NAME`, `CONTAINER_FORMAT`, `DISK_FORMAT`, `STATUS`, `ID`, `SIZE` and `CREATED_AT`, ' +
        'one at a time; every other order needs all images that the filter finds.',
    }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: defaultOrder.direction,
      description: 'Which end comes first; by default the last one, as upstream has it: for names Z to A.',
    }),
  }),
});

const ImageGrouping = builder.enumType('ImageGrouping', {
  description: 'What images can be grouped by.',
  values: {
    PLATFORM: { value: 'PLATFORM', description: groupings.PLATFORM.description },
    OS_VERSION: { value: 'OS_VERSION', description: groupings.OS_VERSION.description },
    ARCHITECTURE: { value: 'ARCHITECTURE', description: groupings.ARCHITECTURE.description },
    OS_BIT: { value: 'OS_BIT', description: groupings.OS_BIT.description },
    TYPE: { value: 'TYPE', description: groupings.TYPE.description },
    ENVIRONMENT: { value: 'ENVIRONMENT', description: groupings.ENVIRONMENT.description },
    NAME: { value: 'NAME', description: groupings.NAME.description },
  },
});

/** What a page size counts as; one out of range is refused where the page is planned. */
const sizeForCost = ({ first, last }: Pick<ImagesArguments, 'first' | 'last'>): number =>
  Math.min(Math.max(first ?? last ?? DEFAULT_PAGE_SIZE, 1), MAX_PAGE_SIZE);

const INCOMPLETE =
  'Null where more of the list would have to be read than one request may; `extensions.upstream.incomplete` says so.';

builder.queryField('images', (t) =>
  t.field({
    type: ImageConnection,
    nullable: false,
    description:
      'Images that match the filter, page by page in either direction. A page costs one upstream request where upstream can ' +
      'answer the filter and the order; otherwise list windows are read until it is full.',
    args: {
      filter: t.arg({ type: ImageFilter, description: 'Which images. Without it, all that the caller sees.' }),
      orderBy: t.arg({
        type: [ImageOrder],
        defaultValue: [defaultOrder],
        description:
          `In which order: one key, or up to ${MAX_SORTING_KEYS}, the first one first. What is equal is sorted by creation time and ` +
          'then by id, in the direction of the last key. By default the newest first.',
      }),
      ...t.arg.connectionArgs(),
    },
    complexity: (args) => ({ field: REQUEST_COST, multiplier: sizeForCost(args) }),
    resolve: async (_root, args, context, info) => {
      const plan = planAgain(args, context.unsupportedParameters);
      const { page, isCutShort } = await readPage(plan, context);
      if (isCutShort) tellIncomplete(context, info);
      context.usage.rowsReturned += page.edges.length;
      return { page, condition: plan.condition, matches: createMatches(plan, context.windows) };
    },
  }),
);

builder.objectFields(ImageConnection, (t) => ({
  totalCount: t.int({
    nullable: true,
    description: `How many images the filter selects. ${INCOMPLETE}`,
    resolve: async ({ matches }, _args, context, info) =>
      (await matches.tally(null, countAll())) ?? tellIncomplete(context, info),
  }),
  facets: t.field({
    type: ImageFacets,
    nullable: false,
    description: 'Counts by attribute.',
    resolve: (selection) => selection,
  }),
  latest: t.field({
    type: [Image],
    nullable: true,
    // The page's own size multiplies this too.
    complexity: ({ first }) => ({
      field: 1,
      multiplier: Math.max(1, Math.ceil((first ?? 0) / DEFAULT_PAGE_SIZE)),
    }),
    description:
      'The newest image of each group, such as the newest Ubuntu 24.04 for x86. Sorted by group; of versions the ' +
      `highest first. ${INCOMPLETE}`,
    args: {
      by: t.arg({
        type: [ImageGrouping],
        required: true,
        defaultValue: ['PLATFORM', 'OS_VERSION', 'ARCHITECTURE'],
        description: 'What makes a group.',
      }),
      first: t.arg.int({
        required: true,
        defaultValue: 100,
        description: `How many groups: 1 to ${MAX_FACET_VALUES}.`,
      }),
    },
    resolve: async ({ matches }, { by, first }, context, info) => {
      const latest = await matches.tally(null, latestOf(by, toCount('first', first)));
      if (latest === null) return tellIncomplete(context, info);
      context.usage.rowsReturned += latest.length;
      return latest;
    },
  }),
}));
