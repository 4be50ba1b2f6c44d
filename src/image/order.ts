import type { Parameter } from './query-string.ts';
import type { WireImage } from './source.ts';

/** The attributes that upstream can sort by (manual: `sort_key`), GraphQL name to upstream name. */
export const sortKeys = {
  NAME: 'name',
  CONTAINER_FORMAT: 'container_format',
  DISK_FORMAT: 'disk_format',
  STATUS: 'status',
  ID: 'id',
  SIZE: 'size',
  CREATED_AT: 'created_at',
} as const;

export type SortField = keyof typeof sortKeys;
export type SortDirection = 'ASC' | 'DESC';

/** A total order of images: by `field`, then by creation time, then by id, all in `direction`. */
export interface Order {
  readonly field: SortField;
  readonly direction: SortDirection;
}

/** Whether a value is a field of the orders. */
export const isSortField = (value: unknown): value is SortField =>
  typeof value === 'string' && Object.hasOwn(sortKeys, value);

/** Upstream's own default order (manual: `sort_key`, `sort_dir`). */
export const defaultOrder: Order = { field: 'CREATED_AT', direction: 'DESC' };

/** Where an image stands under a sort field: its value, then the two tie-breaks. */
export type Position = readonly [value: string | number, createdAt: string, id: string];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** The image's place under `field`; an absent or null value counts as the least (empty text, 0), as in Glance. */
export function toPosition(image: WireImage, field: SortField): Position {
  const value = image[sortKeys[field]];
  return [field === 'SIZE' ? numberOf(value) : textOf(value), textOf(image['created_at']), image.id];
}

/** Negative when `a` comes before `b` in ascending order. Text compares by code unit. */
export function comparePositions(a: Position, b: Position): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}

/** The same order read from its other end. */
export const reverse = (order: Order): Order => ({ ...order, direction: order.direction === 'ASC' ? 'DESC' : 'ASC' });

/** A window of the list: `limit` rows of `order` that follow the image `marker` (exclusive), or the first ones. */
export interface ListWindow {
  readonly order: Order;
  readonly limit: number;
  readonly marker: string | null;
}

/** The window as upstream's parameters (manual: `sort_key`, `sort_dir`, `limit`, `marker`). */
export function windowToParameters({ order, limit, marker }: ListWindow): Parameter[] {
  return [
    ['sort_key', sortKeys[order.field]],
    ['sort_dir', order.direction.toLowerCase()],
    ['limit', String(limit)],
    ...(marker === null ? [] : [['marker', marker] as const]),
  ];
}

/** The parameters that choose a window; a filter may not set them. */
export const windowParameters: ReadonlySet<string> = new Set(['sort_key', 'sort_dir', 'limit', 'marker']);
