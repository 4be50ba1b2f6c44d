import { type Facet, type Grouping, groupings } from '../image/facets.ts';
import { isRecord } from '../image/json.ts';
import {
  compareNatural,
  type NaturalText,
  type Place,
  type Sorting,
  toComparison,
  toNatural,
  toPlacing,
} from '../image/sorting.ts';
import type { WireImage } from '../image/source.ts';
import { tagToText } from '../image/structures.ts';
import { type Condition, toConjuncts } from './condition.ts';
import { createLeading } from './leading.ts';

/** What is found out of images that come in parts, each of them once. */
export interface Tally<Result> {
  take(images: readonly WireImage[]): void;
  /** What the images so far come to. */
  result(): Result;
}

/** How many images have one value of a facet. */
export interface FacetValue {
  readonly value: string;
  readonly count: number;
  /** Whether the facet's own criterion asks for it. */
  readonly selected: boolean;
}

interface Counted {
  readonly value: string;
  readonly natural: NaturalText;
  readonly selected: boolean;
  count: number;
}

/** Most frequent first, then in alphabetical order. */
const compareCounted = (a: Counted, b: Counted): number =>
  b.count - a.count || compareNatural(a.natural, b.natural) || (a.value < b.value ? -1 : 1);

/** Counts images by the values of a facet: the `first` values, the most frequent first, then in alphabetical order. */
export function countFacet(facet: Facet, first: number, condition: Condition): Tally<FacetValue[]> {
  const counts = new Map<string, Counted>();
  const countedOf = (value: string, selected: boolean): Counted => {
    const counted = counts.get(value) ?? { value, natural: toNatural(value), selected, count: 0 };
    counts.set(value, counted);
    return counted;
  };
  for (const value of selectedBy(facet.criterion, condition)) countedOf(value, true);
  return {
    take(images) {
      for (const image of images) {
        for (const value of facet.valuesOf(image)) countedOf(value, false).count += 1;
      }
    },
    result() {
      const leading = createLeading(first, compareCounted);
      for (const counted of counts.values()) leading.offer(counted);
      return leading.items.map(({ value, count, selected }) => ({ value, count, selected }));
    },
  };
}

/** The values that a criterion of the filter asks for, as a facet spells them. */
function selectedBy(criterion: string, condition: Condition): ReadonlySet<string> {
  const values = toConjuncts(condition).flatMap((one) =>
    one.kind !== 'criterion' || one.criterion !== criterion ? [] : Array.isArray(one.value) ? one.value : [one.value],
  );
  return new Set(values.map((value: unknown) => (isTag(value) ? tagToText(value) : String(value))));
}

const isTag = (value: unknown): value is { key: string; value?: string | null } =>
  isRecord(value) && typeof value['key'] === 'string';

const newestFirst: Sorting = [{ field: 'CREATED_AT', direction: 'DESC' }];

interface Group {
  readonly values: readonly NaturalText[];
  place: Place;
  image: WireImage;
}

/** The newest image of each of the `first` groups, in natural order of the groups; of versions the highest first. */
export function latestOf(by: readonly Grouping[], first: number): Tally<WireImage[]> {
  const placeOf = toPlacing(newestFirst);
  const compare = toComparison(newestFirst);
  const signs = by.map((grouping) => (grouping === 'OS_VERSION' ? -1 : 1));
  const leading = createLeading<Group>(first, (a, b) => {
    for (const [i, sign] of signs.entries()) {
      const difference = compareNatural(a.values[i] ?? [], b.values[i] ?? []);
      if (difference !== 0) return sign * difference;
    }
    return 0;
  });
  // Null for a group that comes too late: others only come before it.
  const groups = new Map<string, Group | null>();
  return {
    take(images) {
      for (const image of images) {
        const values = by.map((grouping) => groupings[grouping].valueOf(image));
        const key = values.join('\n');
        const group = groups.get(key);
        if (group === null) continue;
        const place = placeOf(image);
        if (group === undefined) {
          const found = { values: values.map(toNatural), place, image };
          groups.set(key, leading.offer(found) ? found : null);
        } else if (compare(place, group.place) < 0) {
          Object.assign(group, { place, image });
        }
      }
    },
    result: () => leading.items.map(({ image }) => image),
  };
}

/** Counts images. */
export function countAll(): Tally<number> {
  let count = 0;
  return {
    take({ length }) {
      count += length;
    },
    result: () => count,
  };
}
