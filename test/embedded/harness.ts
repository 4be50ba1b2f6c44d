import { onTestFinished } from 'vitest';
import type { WireImage } from '../../src/image/source.ts';
import type { Catalogue, Membership } from '../../src/embedded/catalogue.ts';
import { createEmbeddedIms, type EmbeddedImsOptions } from '../../src/embedded/server.ts';

/** Query parameters in the order in which they are sent. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** A token, or null to send none. */
interface Who {
  readonly token?: string | null;
  readonly path?: string;
}

/** An embedded IMS on a free port for the length of one test, and ways to ask it over HTTP. */
export async function startEmbedded(options: Partial<EmbeddedImsOptions> = {}) {
  const ims = createEmbeddedIms({ wallNow: Date.now, ...options });
  const { url } = await ims.listen();
  onTestFinished(() => ims.close());

  const get = (pathAndQuery: string, token: string | null = 'demo', init: RequestInit = {}): Promise<Response> =>
    fetch(url + pathAndQuery, { ...init, headers: token === null ? {} : { 'X-Auth-Token': token } });

  const ask = async (pairs: Pairs, { token = 'demo', path = '/v1/cloudimages/fuzzy' }: Who = {}) => {
    const query = new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString();
    const response = await get(`${path}?${query}`, token);
    const body: unknown = await response.json();
    return { response, body };
  };

  const list = async (pairs: Pairs, who: Who = {}): Promise<readonly WireImage[]> => {
    const { body } = await ask(pairs, who);
    return imagesOf(body);
  };

  const ids = async (pairs: Pairs, who: Who = {}): Promise<string[]> => (await list(pairs, who)).map(({ id }) => id);

  return { ims, url, get, ask, list, ids };
}

const isImage = (value: unknown): value is WireImage =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';

/** The images of an answer; throws with the answer for anything else. */
export function imagesOf(body: unknown): readonly WireImage[] {
  if (typeof body === 'object' && body !== null && 'images' in body && Array.isArray(body.images)) {
    if (body.images.every(isImage)) return body.images;
  }
  throw new Error(`Expected a list of images, but received ${JSON.stringify(body)}.`);
}

/** A catalogue of hand-written public, registered images, for the projects `us` (token `demo`) and `them` (`demo-b`). */
export function catalogueOf(
  images: readonly WireImage[],
  members: Readonly<Record<string, readonly Membership[]>> = {},
): Catalogue {
  return {
    images: images.map((image) => ({ __isregistered: 'true', status: 'active', visibility: 'public', ...image })),
    members: new Map(Object.entries(members)),
    projects: new Map([
      ['demo', 'us'],
      ['demo-b', 'them'],
    ]),
  };
}
