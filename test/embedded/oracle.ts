import type { Catalogue } from '../../src/embedded/catalogue.ts';
import type { WireImage } from '../../src/image/source.ts';

/** The images that a project may list, in the catalogue's order: the rules again, one image at a time. */
export function visibleTo(project: string, catalogue: Catalogue): WireImage[] {
  const accepted = new Set<string>();
  for (const [id, memberships] of catalogue.members) {
    for (const { member_id, status } of memberships) {
      if (member_id === project && status === 'accepted') accepted.add(id);
    }
  }
  return catalogue.images.filter((image) => {
    if (image['__os_type'] === 'Windows' || image['__platform'] === 'Windows') return false;
    if (image['__isregistered'] !== 'true') return false;
    if (image['status'] === 'killed' || image['status'] === 'deleted') return false;
    if (image['visibility'] === 'public') return true;
    if (image['owner'] === project) return true;
    return image['visibility'] === 'shared' && accepted.has(image.id);
  });
}

const textual = (value: unknown): string => (typeof value === 'string' ? value : '');

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** The images sorted ascending by an attribute, then creation time, then id; nothing counts as least. */
export function sortedBy(key: string, images: readonly WireImage[]): WireImage[] {
  return images.toSorted((a, b) => {
    const [left, right] = [a[key], b[key]];
    const byKey =
      key === 'size'
        ? compare(typeof left === 'number' ? left : 0, typeof right === 'number' ? right : 0)
        : compare(textual(left), textual(right));
    return byKey || compare(textual(a['created_at']), textual(b['created_at'])) || compare(a.id, b.id);
  });
}

export const idsOf = (images: readonly WireImage[]): string[] => images.map(({ id }) => id);
