import type { Facet } from '../image/facets.ts';
import { defaultOrder } from '../image/order.ts';
import type { WireImage } from '../image/source.ts';
import { pace } from '../pace.ts';
import type { Tally } from '../query/count.ts';
import type { PagePlan } from '../query/page.ts';
import { splitCondition } from '../query/split.ts';
import type { WindowReader } from './window-reader.ts';

/** All images that a filter selects. */
export interface Matches {
  /**
   * What a tally finds out of the images, as if no criterion of the facet's attribute were given; null where no more of the
   * list may be read.
   */
  tally<Result>(opened: Facet | null, tally: Tally<Result>): Promise<Result | null>;
}

/** Images by the window that they came in. */
type Windows = readonly (readonly WireImage[])[];

/**
 * The images that a plan's condition selects, each set of them read once: in the order in which the page reads its windows,
 * so that they are shared, or newest first where the page reads none.
 */
export function createMatches({ condition, order, residual: rest }: PagePlan, windows: WindowReader): Matches {
  const shared = rest === null ? defaultOrder : (order ?? defaultOrder);
  const known = new Map<Facet | null, Promise<Windows | null>>();
  const read = async (opened: Facet | null): Promise<Windows | null> => {
    const { parameters, residual } = splitCondition(condition, opened?.ofAttribute);
    const found: (readonly WireImage[])[] = [];
    const end = await windows.read({ parameters, order: shared }, null, ({ images }) => {
      found.push(residual === null ? images : images.filter(residual));
      return false;
    });
    return end === 'complete' ? found : null;
  };
  return {
    async tally(opened, tally) {
      const matches = known.get(opened) ?? read(opened);
      known.set(opened, matches);
      const found = await matches;
      if (found === null) return null;
      for (const images of found.filter(({ length }) => length > 0)) {
        await pace();
        tally.take(images);
      }
      return tally.result();
    },
  };
}
