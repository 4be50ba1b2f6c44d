import { type Facet, facets } from '../image/facets.ts';
import { InputError } from '../image/errors.ts';
import { type Condition, toConjuncts } from '../query/condition.ts';
import { countFacet, type FacetValue } from '../query/count.ts';
import { isOneOf } from '../query/split.ts';
import type { Matches } from '../scan/read-matches.ts';
import { builder } from './builder.ts';
import { tellIncomplete } from './incomplete.ts';

/** What the fields of a connection beside its page are worked out of. */
export interface Selection {
  readonly condition: Condition;
  readonly matches: Matches;
}

/** Most values of a facet, and most groups. */
export const MAX_FACET_VALUES = 200;

/** The number of values or groups that an argument asks for. Throws an `InputError` for one out of range. */
export function toCount(argument: string, count: number): number {
  if (count >= 1 && count <= MAX_FACET_VALUES) return count;
  throw new InputError(argument, `a number from 1 to ${MAX_FACET_VALUES}`, String(count));
}

const ImageFacetValue = builder.objectRef<FacetValue>('ImageFacetValue').implement({
  description: 'One value of an attribute, and how many images have it.',
  fields: (t) => ({
    value: t.exposeString('value', {
      nullable: false,
      description: 'The value as the criterion takes it; `OTHER` for all that an enumeration does not know.',
    }),
    count: t.exposeInt('count', { nullable: false, description: 'How many of the images have it.' }),
    selected: t.exposeBoolean('selected', {
      nullable: false,
      description: 'Whether the filter asks for it. Such a value is there even if no image has it.',
    }),
  }),
});

/** Counts as if no criterion of the facet's attribute were given. */
function countValues(facet: Facet, { condition, matches }: Selection, first: number): Promise<FacetValue[] | null> {
  const isGiven = toConjuncts(condition).some((one) => isOneOf(facet.ofAttribute, one));
  return matches.tally(isGiven ? facet : null, countFacet(facet, first, condition));
}

/** Counts of the images that a filter selects, by the values of each attribute that a picker shows. */
export const ImageFacets = builder.objectRef<Selection>('ImageFacets').implement({
  description:
    'How many of the images have which value: for each attribute as if the filter had no criterion of its own on it, so that a ' +
    'picker can offer the other values too. Images without the attribute are not counted. A facet is null where more of ' +
    'the list would have to be read than one request may; `extensions.upstream.incomplete` names it.',
  fields: (t) =>
    Object.fromEntries(
      facets.map((facet) => [
        facet.name,
        t.field({
          type: [ImageFacetValue],
          nullable: true,
          description: `${facet.description} Criterion: \`${facet.criterion}\`.`,
          args: {
            first: t.arg.int({
              required: true,
              defaultValue: 50,
              description: `How many values, the most frequent first: 1 to ${MAX_FACET_VALUES}.`,
            }),
          },
          resolve: async (selection, { first }, context, info) =>
            (await countValues(facet, selection, toCount('first', first))) ?? tellIncomplete(context, info),
        }),
      ]),
    ),
});
