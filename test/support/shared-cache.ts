import { request } from 'undici';

export interface CachedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the origin was not asked, or asked only whether it had changed. */
  readonly fromCache: boolean;
}

export interface Asked {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Stored {
  readonly askedHeaders: Readonly<Record<string, string>>;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A shared cache, such as a CDN is one, that does everything RFC 9111 allows it to. */
export interface SharedCache {
  ask(asked: Asked): Promise<CachedAnswer>;
  /** How many answers it keeps. */
  readonly size: number;
}

/** Statuses that may be stored without a word about how long (RFC 9110, section 15.1). */
const heuristicallyCacheable = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

const forward = async ({ url, method = 'GET', headers = {}, body }: Asked): Promise<Stored> => {
  const response = await request(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const received = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    askedHeaders: headers,
    status: response.statusCode,
    headers: Object.fromEntries(received),
    body: await response.body.text(),
  };
};

/**
 * Keeps each answer as soon as RFC 9111, section 3, allows a shared cache to, and uses it for as long as section 4 allows.
 * As nothing ages here, what may be fresh for a second is fresh for ever; what has no lifetime is heuristically fresh.
 */
export function createSharedCache(): SharedCache {
  const kept = new Map<string, Stored[]>();

  return {
    async ask(asked) {
      const { url, method = 'GET', headers = {} } = asked;
      const isRead = method === 'GET' || method === 'HEAD';
      const candidate = isRead ? kept.get(url)?.find((one) => matches(one, headers)) : undefined;
      if (candidate !== undefined && !directives(candidate.headers).has('no-cache')) {
        return { ...candidate, fromCache: true };
      }
      const etag = candidate?.headers['etag'];
      const conditional = etag === undefined ? {} : { 'if-none-match': etag };
      const answer = await forward({ ...asked, headers: { ...headers, ...conditional } });
      if (candidate !== undefined && answer.status === 304) {
        return { ...candidate, headers: { ...candidate.headers, ...answer.headers }, fromCache: true };
      }
      if (method === 'GET' && mayStore(answer)) {
        const others = kept.get(url)?.filter((one) => one !== candidate) ?? [];
        kept.set(url, [...others, { ...answer, askedHeaders: headers }]);
      }
      return { ...answer, fromCache: false };
    },
    get size() {
      return [...kept.values()].flat().length;
    },
  };
}

const directives = (headers: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set((headers['cache-control'] ?? '').split(',').map((one) => one.trim().toLowerCase().split('=')[0] ?? ''));

function mayStore({ status, headers, askedHeaders }: Stored): boolean {
  const said = directives(headers);
  const isAllowed = status >= 200 && status !== 304 && !said.has('no-store') && !said.has('private');
  const isOpen = ['public', 'must-revalidate', 's-maxage'].some((one) => said.has(one));
  if (!isAllowed || (askedHeaders['authorization'] !== undefined && !isOpen)) return false;
  const hasLifetime = headers['expires'] !== undefined || said.has('max-age') || said.has('s-maxage');
  return hasLifetime || said.has('public') || heuristicallyCacheable.has(status);
}

/** Whether an answer was given to a request that is the same in all that `Vary` names (section 4.1). */
function matches({ headers, askedHeaders }: Stored, asking: Readonly<Record<string, string>>): boolean {
  const names = (headers['vary'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  return !names.includes('*') && names.every((name) => askedHeaders[name] === asking[name]);
}
