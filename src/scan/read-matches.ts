import { setImmediate as otherWork } from 'node:timers/promises';
import type { Facet } from '../image/facets.ts';
import { defaultOrder } from '../image/order.ts';
import type { WireImage } from '../image/source.ts';
import type { PagePlan } from '../query/page.ts';
import { splitCondition } from '../query/split.ts';
import type { WindowReader } from './window-reader.ts';

/** All images that a filter selects. */
export interface Matches {
  /** The images, as if no criterion of the facet's attribute were given; null where no more of the list may be read. */
  all(opened: Facet | null): Promise<readonly WireImage[] | null>;
}

/**
 * The images that a plan's condition selects, each set of them read once: in the order in which the page reads its windows,
 * so that they are shared, or newest first where the page reads none.
 */
export function createMatches({ condition, order, residual: rest }: PagePlan, windows: WindowReader): Matches {
  const shared = rest === null ? defaultOrder : (order ?? defaultOrder);
  const known = new Map<Facet | null, Promise<readonly WireImage[] | null>>();
  let turn: Promise<void> = Promise.resolve();
  const read = async (opened: Facet | null): Promise<readonly WireImage[] | null> => {
    const { parameters, residual } = splitCondition(condition, opened?.ofAttribute);
    const found: WireImage[] = [];
    const end = await windows.read({ parameters, order: shared }, null, ({ images }) => {
      found.push(...(residual === null ? images : images.filter(residual)));
      return false;
    });
    return end === 'complete' ? found : null;
  };
  return {
    async all(opened) {
      const matches = known.get(opened) ?? read(opened);
      known.set(opened, matches);
      const images = await matches;
      // Who asked will look at all of them: one after the other, with other requests in between.
      turn = turn.then(() => otherWork());
      await turn;
      return images;
    },
  };
}
