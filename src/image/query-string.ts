declare const canonical: unique symbol;

/**
 * A list query in canonical form: `name=value` pairs, percent-encoded as RFC 3986 wants, sorted.
 * Equal questions give equal strings, so this is the cache key, the URL's tail and what a test asserts.
 */
export type ImageQuery = string & { readonly [canonical]: true };

/** One query parameter, upstream's spelling and decoded value. */
export type Parameter = readonly [name: string, value: string];

/** Text as RFC 3986 wants it in a URL: all but letters, digits and `-_.~` percent-encoded, as UTF-8. */
export const percentEncode = (text: string): string =>
  /^[\w.~-]*$/.test(text)
    ? text
    : encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Puts parameters into canonical form. */
export function toImageQuery(parameters: readonly Parameter[]): ImageQuery {
  const pairs = parameters.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return pairs.toSorted().join('&') as ImageQuery;
}

/** The query for one image. There is no single-image endpoint: an unknown id gives an empty list. */
export const imageByIdQuery = (id: string): ImageQuery => toImageQuery([['id', id]]);
