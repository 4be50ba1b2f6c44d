import { InputError } from '../image/errors.ts';
import type { ImageTest } from '../image/field.ts';
import { defaultOrder, type Order, windowToParameters } from '../image/order.ts';
import { type ImageQuery, type Parameter, toImageQuery } from '../image/query-string.ts';
import {
  MAX_SORTING_KEYS,
  reverseSorting,
  simplifySorting,
  type Sorting,
  type SortingKey,
  sortingToOrder,
  toComparison,
} from '../image/sorting.ts';
import type { Condition } from './condition.ts';
import { type Cursor, textToCursor } from './cursor.ts';
import { filterToCondition, type ImageFilter } from './filter.ts';
import { splitCondition } from './split.ts';

/** Images on a page where the caller names no number. */
export const DEFAULT_PAGE_SIZE = 20;
/** Most images that a page may have. */
export const MAX_PAGE_SIZE = 100;
/** Rows of a list window: what upstream gives where nobody names a number. */
export const WINDOW_SIZE = 500;

/** The arguments of the `images` connection. */
export interface ImagesArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly filter?: ImageFilter | null | undefined;
  readonly orderBy?: readonly SortingKey[] | null | undefined;
}

/** A list as upstream gives it, to be read from anywhere. */
export interface UpstreamList {
  readonly parameters: readonly Parameter[];
  readonly order: Order;
}

/** What a page needs. It is read in the direction of `sorting`, and turned round if that is `backward`. */
export interface PagePlan {
  readonly size: number;
  readonly backward: boolean;
  readonly sorting: Sorting;
  /** Reading starts behind this place and ends before that one; null for the ends of the list. */
  readonly from: Cursor | null;
  readonly until: Cursor | null;
  readonly hasAfter: boolean;
  readonly hasBefore: boolean;
  /** The filter whole. */
  readonly condition: Condition;
  /** What upstream is asked for. */
  readonly parameters: readonly Parameter[];
  /** What is decided here of what upstream finds; null where nothing is. */
  readonly residual: ImageTest | null;
  /** Upstream's order that is this sorting; null where there is none, and everything must be read to know a page. */
  readonly order: Order | null;
  /** The one list request whose rows are the page and one more; null where lists are read window by window. */
  readonly query: ImageQuery | null;
  /** Stands for the plan where that itself is not to be held: plans are as large as what clients send. */
  readonly token: object;
}

/** The image that the page follows, as upstream is told; null for the beginning of the list. */
export const markerOf = ({ from }: Pick<PagePlan, 'from'>): string | null => from?.place.id ?? null;

/** The query of one window of a list, behind an image or from the beginning. */
export const toWindowQuery = ({ parameters, order }: UpstreamList, marker: string | null, limit: number): ImageQuery =>
  toImageQuery([...parameters, ...windowToParameters({ order, limit, marker })]);

/** Plans one page. Throws an `InputError` for arguments that cannot be answered. */
export function planPage(args: ImagesArguments, unsupported: ReadonlySet<string> = new Set()): PagePlan {
  const sorting = toSorting(args.orderBy);
  const size = pageSizeOf(args);
  const after = args.after == null ? null : textToCursor(args.after, 'after', sorting);
  const before = args.before == null ? null : textToCursor(args.before, 'before', sorting);
  const backward = args.last != null || (args.first == null && before !== null && after === null);

  // Backward is forward over the reversed order; `from` is where reading starts, `until` where the window ends.
  const [from, until] = backward ? [edgeBefore(before, after), after] : [after, before];
  const condition = filterToCondition(args.filter ?? {}, unsupported);
  const reading = backward ? reverseSorting(sorting) : sorting;
  const { parameters, residual } = splitCondition(condition);
  const order = sortingToOrder(reading);
  const isOneRequest = order !== null && residual === null;
  return {
    size,
    backward,
    sorting: reading,
    from,
    until,
    hasAfter: after !== null,
    hasBefore: before !== null,
    condition,
    parameters,
    residual,
    order,
    query: isOneRequest ? toWindowQuery({ parameters, order }, markerOf({ from }), size + 1) : null,
    token: {},
  };
}

function toSorting(orderBy: readonly SortingKey[] | null | undefined): Sorting {
  const [first, ...others] = orderBy ?? [defaultOrder];
  if (first === undefined || others.length >= MAX_SORTING_KEYS) {
    throw new InputError('orderBy', `1 to ${MAX_SORTING_KEYS} keys`, String(orderBy?.length));
  }
  return simplifySorting([first, ...others]);
}

/** The specification looks for `before` among the edges that follow `after`: one that stands elsewhere has no effect. */
function edgeBefore(before: Cursor | null, after: Cursor | null): Cursor | null {
  if (before === null || after === null) return before;
  return toComparison(before.sorting)(before.place, after.place) > 0 ? before : null;
}

/** The number of images that the arguments ask for. Throws an `InputError` for one out of range. */
function pageSizeOf({ first, last }: ImagesArguments): number {
  if (first != null && last != null) {
    throw new InputError('last', 'either "first" or "last"', `both: first ${first} and last ${last}`);
  }
  const [argument, size] = last == null ? ['first', first ?? DEFAULT_PAGE_SIZE] : ['last', last];
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new InputError(argument, `a number of images from 1 to ${MAX_PAGE_SIZE}`, String(size));
  }
  return size;
}
