import { type Facet, type Grouping, groupings } from '../image/facets.ts';
import { isRecord } from '../image/json.ts';
import { compareNaturally, type Place, type Sorting, toComparison, toPlacing } from '../image/sorting.ts';
import type { WireImage } from '../image/source.ts';
import { tagToText } from '../image/structures.ts';
import { type Condition, toConjuncts } from './condition.ts';

/** How many images have one value of a facet. */
export interface FacetValue {
  readonly value: string;
  readonly count: number;
  /** Whether the facet's own criterion asks for it. */
  readonly selected: boolean;
}

/** Counts images by the values of a facet: the most frequent first, then in alphabetical order. */
export function countFacet(facet: Facet, images: readonly WireImage[], condition: Condition): FacetValue[] {
  const selected = selectedBy(facet.criterion, condition);
  const counts = new Map<string, number>([...selected].map((value) => [value, 0]));
  for (const image of images) {
    for (const value of facet.valuesOf(image)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count, selected: selected.has(value) }))
    .toSorted((a, b) => b.count - a.count || compareNaturally(a.value, b.value) || (a.value < b.value ? -1 : 1));
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

/** The newest image of each group, in natural order of the groups; of versions the highest first. */
export function latestOf(images: readonly WireImage[], by: readonly Grouping[]): WireImage[] {
  const placeOf = toPlacing(newestFirst);
  const compare = toComparison(newestFirst);
  const groups = new Map<string, { readonly values: readonly string[]; place: Place; image: WireImage }>();
  for (const image of images) {
    const place = placeOf(image);
    const values = by.map((grouping) => groupings[grouping].valueOf(image));
    const key = values.join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { values, place, image });
    else if (compare(place, group.place) < 0) Object.assign(group, { place, image });
  }
  const compareGroups = (a: readonly string[], b: readonly string[]): number => {
    for (const [i, grouping] of by.entries()) {
      const difference = compareNaturally(a[i] ?? '', b[i] ?? '');
      if (difference !== 0) return grouping === 'OS_VERSION' ? -difference : difference;
    }
    return 0;
  };
  return [...groups.values()].toSorted((a, b) => compareGroups(a.values, b.values)).map(({ image }) => image);
}
