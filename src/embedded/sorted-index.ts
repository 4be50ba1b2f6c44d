import { comparePositions, type ListWindow, type Order, type SortField, toPosition } from '../image/order.ts';
import type { WireImage } from '../image/source.ts';
import type { ImageTest } from './criterion.ts';

/** Part of an ordered list, and how many images were looked at to find it. */
export interface Page {
  readonly images: readonly WireImage[];
  readonly examined: number;
}

/** Images, to be found by id and read in any order from any place. */
export interface SortedIndex {
  find(id: string): WireImage | undefined;
  /** The window of the images that match. Looks at no image before the marker. A marker that is not here is past the end. */
  page(window: ListWindow, matches: ImageTest): Page;
  /** The same for a query that only the image `id` can match. */
  pageOfOne(id: string, window: ListWindow, matches: ImageTest): Page;
}

interface Ranking {
  readonly images: readonly WireImage[];
  readonly rankOf: ReadonlyMap<string, number>;
}

function rank(images: readonly WireImage[], field: SortField): Ranking {
  const ranked = images
    .map((image) => ({ image, position: toPosition(image, field) }))
    .toSorted((a, b) => comparePositions(a.position, b.position))
    .map(({ image }) => image);
  return { images: ranked, rankOf: new Map(ranked.map((image, i) => [image.id, i])) };
}

const stepOf = (order: Order): 1 | -1 => (order.direction === 'ASC' ? 1 : -1);

/** Indexes the images; the ranking by a sort field is made when a query first asks for it, and kept. */
export function createSortedIndex(images: readonly WireImage[]): SortedIndex {
  const byId = new Map(images.map((image) => [image.id, image]));
  const rankings = new Map<SortField, Ranking>();

  function rankingBy(field: SortField): Ranking {
    const ranking = rankings.get(field) ?? rank(images, field);
    rankings.set(field, ranking);
    return ranking;
  }

  function page({ order, limit, marker }: ListWindow, matches: ImageTest): Page {
    const ranking = rankingBy(order.field);
    const step = stepOf(order);
    const before = step === 1 ? -1 : images.length;
    const end = images.length - 1 - before;
    const found: WireImage[] = [];
    let examined = 0;
    const start = marker === null ? before : (ranking.rankOf.get(marker) ?? end);
    for (let i = start + step; found.length < limit; i += step) {
      const image = ranking.images[i];
      if (image === undefined) break;
      examined += 1;
      if (matches(image)) found.push(image);
    }
    return { images: found, examined };
  }

  function pageOfOne(id: string, { order, limit, marker }: ListWindow, matches: ImageTest): Page {
    const image = byId.get(id);
    if (image === undefined || limit === 0) return { images: [], examined: 0 };
    const from = marker === null ? undefined : byId.get(marker);
    const isAfterMarker =
      marker === null ||
      (from !== undefined &&
        stepOf(order) * comparePositions(toPosition(image, order.field), toPosition(from, order.field)) > 0);
    return { images: isAfterMarker && matches(image) ? [image] : [], examined: 1 };
  }

  return { find: (id) => byId.get(id), page, pageOfOne };
}
