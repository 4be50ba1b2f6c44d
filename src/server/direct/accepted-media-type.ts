import { LRUCache } from 'lru-cache';

/** The media types of an answer that comes as a whole. */
type AnswerType = 'application/json' | 'application/graphql-response+json';

/** Headers that were read before, as clients send the same few. Null stands in for what is none of the two. */
const known = new LRUCache<string, { readonly type: AnswerType | null }>({ max: 100 });

/** Longest header that is kept. */
const MAX_LENGTH = 200;

/** The media type that yoga answers an `Accept` with; null where that is none of an answer that comes as a whole. */
export function acceptedMediaType(accept: string | undefined): AnswerType | null {
  const header = accept || '*/*';
  const read = known.get(header);
  if (read !== undefined) return read.type;
  const type = readHeader(header);
  if (header.length <= MAX_LENGTH) known.set(header, { type });
  return type;
}

/** The first that fits, whatever is preferred; of what fits both, JSON. */
function readHeader(header: string): AnswerType | null {
  for (const range of header.replaceAll(/\s/g, '').toLowerCase().split(',')) {
    const [type, ...parameters] = range.split(';');
    const charset = parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8';
    if (charset !== 'charset=utf-8') continue;
    if (type === '*/*' || type === 'application/*' || type === '*/json' || type === 'application/json') {
      return 'application/json';
    }
    if (type === 'application/graphql-response+json' || type === '*/graphql-response+json') {
      return 'application/graphql-response+json';
    }
  }
  return null;
}
