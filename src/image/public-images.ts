import { imageFields } from './fields.ts';
import { searchParameters } from './groups.ts';
import { windowParameters } from './order.ts';
import type { ImageQuery } from './query-string.ts';
import type { WireImage } from './source.ts';

/**
 * Criteria whose answer depends on who asks, or that an ordinary project and a privileged one may see differently. What
 * flavors there are is up to the project; tags and keys are a project's own.
 */
const personal: ReadonlySet<string> = new Set([
  'enterprise_project_id',
  'flavor_id',
  'member_status',
  'owner',
  'tag',
  '__isregistered',
  '__system__cmkid',
  '__whole_image',
]);

const impersonal: ReadonlySet<string> = new Set(
  [...searchParameters, ...windowParameters].filter((parameter) => !personal.has(parameter)),
);

const restrictions: ReadonlySet<string> = new Set(['__imagetype=gold', 'visibility=public']);

/** What a query asks of images that are everybody's. */
export interface PublicQuestion {
  /** The image after which the page starts; it need not be a public one. */
  readonly marker: string | null;
}

/**
 * Reads a query that asks for public images only and means the same whoever asks it, apart from its marker; null for any
 * other. Every criterion must be known to mean that: one that the manual does not list is not.
 */
export function queryToPublicQuestion(query: ImageQuery): PublicQuestion | null {
  let isPublic = false;
  let marker: string | null = null;
  let before = '';
  // None of the names and restrictions looks any different in a URL.
  for (const pair of query.split('&')) {
    const end = pair.indexOf('=');
    const name = pair.slice(0, end);
    // Of a parameter that is given twice upstream takes one, and which is not documented; in canonical form the two meet.
    if (!impersonal.has(name) || name === before) return null;
    isPublic ||= restrictions.has(pair);
    if (name === 'marker') marker = decodeURIComponent(pair.slice(end + 1));
    before = name;
  }
  return isPublic ? { marker } : null;
}

/** Whether every tenant sees the image: it says so, and does not say that ordinary users see it in no list. */
export const isPublicImage = (image: WireImage): boolean =>
  image[imageFields.visibility.wire] === 'public' &&
  ['true', true, undefined].some((open) => image[imageFields.registered.wire] === open);
