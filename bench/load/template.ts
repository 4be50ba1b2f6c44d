/**
 * Requests that differ by their number `n` only. Placeholders in the body: `@@COUNT@@` is `n`; `@@TIME@@` the moment `n`
 * seconds after 1970; `@@PAGE@@` one of `pages` such moments, round and round; `"@@BIT3@@"` true or false by the fourth bit
 * of how often all pages have come round. requests.lua fills them in the same way.
 */
export interface Template {
  readonly body: string;
  readonly pages: number;
}

/** A body that is the same each time. */
export const steadyTemplate = (body: string): Template => ({ body, pages: 1 });

const toMoment = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** The body of request `n`. */
export const fillTemplate = ({ body, pages }: Template, n: number): string =>
  body
    .replaceAll('@@COUNT@@', String(n))
    .replaceAll('@@TIME@@', toMoment(n))
    .replaceAll('@@PAGE@@', toMoment(n % pages))
    .replaceAll(/"@@BIT(\d+)@@"/g, (_, index) => String(Math.floor(n / pages / 2 ** Number(index)) % 2 === 1));
