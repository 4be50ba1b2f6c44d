import { InputError } from '../image/errors.ts';
import { parseJson } from '../image/json.ts';
import { isPlainText } from '../image/kinds.ts';
import { isSortField, type Order, type Position, toPosition } from '../image/order.ts';
import type { WireImage } from '../image/source.ts';
import { show } from '../image/show.ts';

/** An image's place in the list of one order. */
export interface Cursor {
  readonly order: Order;
  readonly position: Position;
}

const version = 1;

/** The id that upstream takes as `marker`. */
export const toMarker = ({ position }: Cursor): string => position[2];

/** The cursor of an image: opaque to clients, and valid only under the order that it was made for. */
export function imageToCursor(image: WireImage, order: Order): string {
  const parts = [version, order.field, order.direction, ...toPosition(image, order.field)];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Reads a cursor of this order. Throws an `InputError` for any other text, naming `argument`. */
export function textToCursor(text: string, argument: string, order: Order): Cursor {
  const cursor = decode(text);
  if (cursor === null) {
    throw new InputError(argument, 'a cursor that this connection gave out', show(text));
  }
  if (cursor.order.field !== order.field || cursor.order.direction !== order.direction) {
    throw new InputError(
      argument,
      `a cursor of the order ${showOrder(order)}`,
      `one of ${showOrder(cursor.order)}; start without a cursor when the order changes`,
    );
  }
  return cursor;
}

const showOrder = ({ field, direction }: Order): string => `${field} ${direction}`;

function decode(text: string): Cursor | null {
  const bytes = Buffer.from(text, 'base64url');
  const parts = bytes.toString('base64url') === text ? parseJson(bytes.toString()) : null;
  if (!Array.isArray(parts) || parts.length !== 6) return null;
  const [given, field, direction, value, createdAt, id]: unknown[] = parts;
  if (given !== version || !isSortField(field) || (direction !== 'ASC' && direction !== 'DESC')) return null;
  if (typeof value !== (field === 'SIZE' ? 'number' : 'string') || typeof createdAt !== 'string') return null;
  if ((typeof value !== 'string' && typeof value !== 'number') || typeof id !== 'string') return null;
  if (!isPlainText(id)) return null;
  return { order: { field, direction }, position: [value, createdAt, id] };
}
