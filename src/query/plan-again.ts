import type { ImageFilter } from './filter.ts';
import { type ImagesArguments, type PagePlan, planPage } from './page.ts';

/** On a filter: the latest plan with it, and what of. It goes with the filter. */
const LATEST = Symbol('latest plan');

interface Planned {
  readonly args: ImagesArguments;
  readonly unsupported: ReadonlySet<string>;
  readonly plan: PagePlan;
}

type PlannedFilter = ImageFilter & { [LATEST]?: Planned };

/** Stands in for no filter, whoever asks. */
const everything: ImageFilter = {};

/** Longest cursor whose plan is kept: clients can make them as long as they like. */
const MAX_CURSOR = 500;

/** The plan that `planPage` makes: the very same one as the last time where the arguments are, down to the same filter. */
export function planAgain(args: ImagesArguments, unsupported: ReadonlySet<string>): PagePlan {
  const filter: PlannedFilter = args.filter ?? everything;
  const latest = filter[LATEST];
  if (latest !== undefined && latest.unsupported === unsupported && areSame(latest.args, args)) return latest.plan;
  const plan = planPage(args, unsupported);
  if (isShort(args.after) && isShort(args.before)) filter[LATEST] = { args, unsupported, plan };
  return plan;
}

const isShort = (cursor: string | null | undefined): boolean => cursor == null || cursor.length <= MAX_CURSOR;

const areSame = (one: ImagesArguments, other: ImagesArguments): boolean =>
  one.first === other.first &&
  one.after === other.after &&
  one.last === other.last &&
  one.before === other.before &&
  one.orderBy === other.orderBy;
