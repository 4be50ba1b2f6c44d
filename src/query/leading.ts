/** The first items of an order, of all that have been offered. */
export interface Leading<Item> {
  /** Takes one more item; false where `size` others come before it, now and for good. */
  offer(item: Item): boolean;
  /** In order; what is equal as it was offered. */
  readonly items: readonly Item[];
}

/**
 * Keeps the first `size` items by `compare`. Offering costs one comparison for most items of a long list: those that come
 * behind the last kept one.
 */
export function createLeading<Item>(size: number, compare: (a: Item, b: Item) => number): Leading<Item> {
  const items: Item[] = [];
  return {
    items,
    offer(item) {
      const last = items.at(-1);
      if (items.length >= size && last !== undefined && compare(item, last) >= 0) return false;
      let [low, high] = [0, items.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        const other = items[middle];
        if (other !== undefined && compare(item, other) < 0) high = middle;
        else low = middle + 1;
      }
      items.splice(low, 0, item);
      if (items.length > size) items.pop();
      return true;
    },
  };
}
