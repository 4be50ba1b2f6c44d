import { expect, test } from 'vitest';
import { generateCatalogue } from '../../src/embedded/generate.ts';
import { createRandom } from '../../src/embedded/random.ts';
import { edgeToCursor, rowsToPage } from '../../src/query/collect.ts';
import { pageAgain } from '../../src/query/page-again.ts';
import { type ImagesArguments, type PagePlan, planPage } from '../../src/query/page.ts';
import { planAgain } from '../../src/query/plan-again.ts';
import { imageToCursor } from '../support/image-to-cursor.ts';

const { images } = generateCatalogue({ seed: 11, size: 60 });
const newestFirst = [{ field: 'CREATED_AT', direction: 'DESC' }] as const;
const byName = [{ field: 'NAME', direction: 'ASC' }] as const;
const cursors = images
  .slice(0, 3)
  .flatMap((image) => [imageToCursor(image, newestFirst[0]), imageToCursor(image, byName[0])]);

/** What of a plan can be compared, and what it decides of images. */
const shown = ({ residual, ...plan }: PagePlan) => ({
  ...plan,
  condition: JSON.stringify(plan.condition),
  selected: images.filter((image) => residual?.(image) ?? true).map(({ id }) => id),
});

const outcomeOf = (work: () => PagePlan): unknown => {
  try {
    return shown(work());
  } catch (error) {
    return String(error);
  }
};

test('in whatever order arguments come, each plan is the one that they make', () => {
  const random = createRandom(8);
  const filters = [null, {}, { type: 'PUBLIC' }, { name: 'x' }, { not: [{ type: 'PUBLIC' }] }, { name: 'x' }];
  const lacking = [new Set<string>(), new Set(['name'])];
  let again = 0;
  for (let round = 0; round < 5000; round += 1) {
    const args: ImagesArguments = {
      filter: random.pick(filters),
      orderBy: random.pick([null, newestFirst, byName]),
      first: random.pick([null, 2, 20, 101]),
      last: random.pick([null, null, null, 2]),
      after: random.pick([null, null, ...cursors]),
      before: random.pick([null, null, ...cursors]),
    };
    const unsupported = random.pick(lacking);
    const expected = outcomeOf(() => planPage(args, unsupported));
    expect(outcomeOf(() => planAgain(args, unsupported))).toEqual(expected);
    if (typeof expected === 'string') continue;
    expect(planAgain({ ...args }, unsupported)).toBe(planAgain(args, unsupported));
    again += 1;
  }
  expect(again).toBeGreaterThan(1000);
});

test('a page is laid out once for one plan and one answer, and is the page of those', () => {
  const filter = { type: 'PUBLIC' };
  const unsupported = new Set<string>();
  const rows = images.slice(0, 21);
  const otherRows = rows.slice(5, 20);
  const plans = [
    planAgain({ filter, orderBy: newestFirst }, unsupported),
    planAgain({ filter, orderBy: newestFirst, last: 7 }, unsupported),
    planAgain({ orderBy: byName, first: 100 }, unsupported),
  ];
  const random = createRandom(2);
  for (let round = 0; round < 200; round += 1) {
    const plan = random.pick(plans);
    const given = random.pick([rows, otherRows]);
    const page = pageAgain(plan, given);
    expect(pageAgain(plan, given)).toBe(page);
    const expected = rowsToPage(plan, given, null);
    expect(page.edges.map(({ node }) => node)).toEqual(expected.edges.map(({ node }) => node));
    expect(page.edges.map(edgeToCursor)).toEqual(expected.edges.map(edgeToCursor));
    expect([page.hasNextPage, page.hasPreviousPage]).toEqual([expected.hasNextPage, expected.hasPreviousPage]);
  }
});

test('a plan with a long cursor is made anew, and takes no other one’s place', () => {
  const filter = { type: 'PUBLIC' };
  const unsupported = new Set<string>();
  const args = { filter, orderBy: newestFirst };
  const [image] = images;
  if (image === undefined) throw new RangeError('expected an image');
  const after = imageToCursor({ ...image, created_at: 'x'.repeat(1000) }, newestFirst[0]);

  const plan = planAgain(args, unsupported);
  const long = planAgain({ ...args, after }, unsupported);
  expect(long.from?.place.createdAt).toHaveLength(1000);
  expect(planAgain({ ...args, after }, unsupported)).not.toBe(long);
  expect(planAgain({ ...args }, unsupported)).toBe(plan);
});
