import { exclusions } from '../image/combinations.ts';
import { MemberStatus, wiresOf } from '../image/enums.ts';
import { defaultOrder, type ListWindow, type Order, sortKeys, isSortField, windowParameters } from '../image/order.ts';
import type { ImageTest } from './criterion.ts';
import { quote, RefusedError, refusedParameter } from './errors.ts';
import { criterionOf } from './matches.ts';

/** A list query, checked. */
export interface ListRequest {
  readonly window: ListWindow;
  /** The one image that can satisfy the query, where it names one. */
  readonly id: string | null;
  /** Set: only the images shared with the caller that it has answered so. */
  readonly memberStatus: string | null;
  /** All the criteria at once; knows nothing of the caller. */
  readonly matches: ImageTest;
}

type Parameters = ReadonlyMap<string, string>;

const defaultLimit = 500;

const notCriteria = new Set([...windowParameters, 'member_status']);

function refuseExclusions(parameters: Parameters): void {
  for (const [name, beside] of exclusions) {
    const other = beside.find((candidate) => parameters.has(candidate));
    if (parameters.has(name) && other !== undefined) {
      throw new RefusedError(
        'IMG.0001',
        `parameter "${name}": expected not to stand beside "${other}", but received both`,
      );
    }
  }
}

function toLimit(text: string | undefined, maxLimit: number): number {
  if (text === undefined) return Math.min(defaultLimit, maxLimit);
  if (!/^\d+$/.test(text)) throw refusedParameter('limit', 'a non-negative integer', text);
  return Math.min(Number(text), maxLimit);
}

const sortFields = Object.keys(sortKeys).filter(isSortField);

function toOrder(key: string | undefined, direction: string | undefined): Order {
  const field = key === undefined ? defaultOrder.field : sortFields.find((candidate) => sortKeys[candidate] === key);
  if (field === undefined)
    throw refusedParameter('sort_key', `one of ${Object.values(sortKeys).join(', ')}`, key ?? '');
  switch (direction) {
    case undefined:
      return { field, direction: defaultOrder.direction };
    case 'asc':
      return { field, direction: 'ASC' };
    case 'desc':
      return { field, direction: 'DESC' };
    default:
      throw refusedParameter('sort_dir', 'asc or desc', direction);
  }
}

function toMemberStatus(parameters: Parameters): string | null {
  const status = parameters.get('member_status');
  if (status === undefined) return null;
  const allowed = wiresOf(MemberStatus);
  if (!allowed.includes(status)) throw refusedParameter('member_status', `one of ${allowed.join(', ')}`, status);
  const visibility = parameters.get('visibility');
  if (visibility !== 'shared') {
    const received = visibility === undefined ? 'no visibility' : `visibility=${quote(visibility)}`;
    throw new RefusedError(
      'IMG.0001',
      `parameter "member_status": expected visibility=shared beside it, but received ${received}`,
    );
  }
  return status;
}

/**
 * Reads a query string (without `?`). Of a repeated parameter the last value counts, but every `tag` must be present.
 * Throws a `RefusedError` that names the first parameter that cannot be answered.
 */
export function toListRequest(queryString: string, maxLimit: number): ListRequest {
  const pairs = new URLSearchParams(queryString);
  const parameters: Parameters = new Map(pairs);
  refuseExclusions(parameters);

  const asked = [...parameters].filter(([name]) => name !== 'tag' && !notCriteria.has(name));
  const tags = pairs.getAll('tag').map((value) => ['tag', value] as const);
  const tests = [...asked, ...tags].map(([name, value]) => criterionOf(name)(value, name));
  return {
    window: {
      order: toOrder(parameters.get('sort_key'), parameters.get('sort_dir')),
      limit: toLimit(parameters.get('limit'), maxLimit),
      marker: parameters.get('marker') ?? null,
    },
    id: parameters.get('id') ?? null,
    memberStatus: toMemberStatus(parameters),
    matches: (image) => tests.every((test) => test(image)),
  };
}
