import { InputError, UpstreamError } from '../image/errors.ts';
import { comparePositions, defaultOrder, type Order, reverse, windowToParameters } from '../image/order.ts';
import { type ImageQuery, toImageQuery } from '../image/query-string.ts';
import type { WireImage } from '../image/source.ts';
import { type Cursor, imageToCursor, textToCursor, toMarker } from './cursor.ts';
import { filterToParameters, type ImageFilter } from './filter.ts';

/** Images on a page where the caller names no number. */
export const DEFAULT_PAGE_SIZE = 20;
/** Most images that a page may have. */
export const MAX_PAGE_SIZE = 100;

/** The arguments of the `images` connection. */
export interface ImagesArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly filter?: ImageFilter | null | undefined;
  readonly orderBy?: Order | null | undefined;
}

/** A page of the connection, as the Relay cursor connections specification defines it. */
export interface ConnectionPage {
  readonly edges: readonly { readonly cursor: string; readonly node: WireImage }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** What to ask upstream, and what its answer means. */
export interface PagePlan {
  readonly query: ImageQuery;
  readonly toPage: (images: readonly WireImage[]) => ConnectionPage;
  /** Throws the failure of the query again, with a hint where a cursor may be the cause. */
  readonly explainFailure: (failure: unknown) => never;
}

/** Plans one page as one upstream request. Throws an `InputError` for arguments that cannot be answered. */
export function planPage(args: ImagesArguments, unsupported: ReadonlySet<string> = new Set()): PagePlan {
  const order = args.orderBy ?? defaultOrder;
  const size = pageSizeOf(args);
  const after = args.after == null ? null : textToCursor(args.after, 'after', order);
  const before = args.before == null ? null : textToCursor(args.before, 'before', order);
  const backward = args.last != null || (args.first == null && before !== null && after === null);

  // Backward is forward over the reversed order; `from` is where reading starts, `until` where the window ends.
  const [from, until] = backward ? [edgeBefore(before, after), after] : [after, before];
  const window = { order: backward ? reverse(order) : order, limit: size + 1, marker: from && toMarker(from) };
  const query = toImageQuery([...filterToParameters(args.filter ?? {}, unsupported), ...windowToParameters(window)]);

  return {
    query,
    explainFailure: (failure) => {
      throw from === null ? failure : withCursorHint(failure, backward ? 'before' : 'after');
    },
    toPage(images) {
      const end = until === null ? -1 : images.findIndex((image) => image.id === toMarker(until));
      const within = end < 0 ? images : images.slice(0, end);
      const page = within.slice(0, size);
      const hasMore = within.length > size;
      const edges = (backward ? page.toReversed() : page).map((node) => ({ node, cursor: imageToCursor(node, order) }));
      return {
        edges,
        pageInfo: {
          hasNextPage: backward ? before !== null : hasMore,
          hasPreviousPage: backward ? hasMore : after !== null,
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
        },
      };
    },
  };
}

/** What upstream answers to a marker that has been deleted, or that the caller no longer sees, is not documented. */
const markerFailures = new Set([400, 403, 404]);

function withCursorHint(failure: unknown, argument: string): unknown {
  if (!(failure instanceof UpstreamError) || !markerFailures.has(failure.upstream.status ?? 0)) return failure;
  const hint = `The image that "${argument}" points at may be gone; start again without a cursor.`;
  return new UpstreamError(failure.code, `${failure.message} ${hint}`, failure.upstream);
}

/** The specification looks for `before` among the edges that follow `after`: one that stands elsewhere has no effect. */
function edgeBefore(before: Cursor | null, after: Cursor | null): Cursor | null {
  if (before === null || after === null) return before;
  const distance = comparePositions(before.position, after.position);
  return (before.order.direction === 'ASC' ? distance : -distance) > 0 ? before : null;
}

/** The number of images that the arguments ask for. Throws an `InputError` for one out of range. */
export function pageSizeOf({ first, last }: ImagesArguments): number {
  if (first != null && last != null) {
    throw new InputError('last', 'either "first" or "last"', `both: first ${first} and last ${last}`);
  }
  const [argument, size] = last == null ? ['first', first ?? DEFAULT_PAGE_SIZE] : ['last', last];
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new InputError(argument, `a number of images from 1 to ${MAX_PAGE_SIZE}`, String(size));
  }
  return size;
}
