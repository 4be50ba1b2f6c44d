import type { WireImage } from '../image/source.ts';
import { type ConnectionPage, rowsToPage } from './collect.ts';
import { markerOf, type PagePlan } from './page.ts';

/** On the rows of an answer: the page that was made of them last, and the token of its plan. It goes with the rows. */
const LATEST = Symbol('latest page');

type PagedRows = readonly WireImage[] & { [LATEST]?: { readonly token: object; readonly page: ConnectionPage } };

/** The page of a plan whose `query` these rows answer: made once for as long as the same plan meets the same rows. */
export function pageAgain(plan: PagePlan, rows: PagedRows): ConnectionPage {
  const { token } = plan;
  const latest = rows[LATEST];
  if (latest?.token === token) return latest.page;
  const page = rowsToPage(plan, rows, markerOf(plan));
  rows[LATEST] = { token, page };
  return page;
}
