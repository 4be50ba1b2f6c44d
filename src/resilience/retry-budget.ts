/** Bounds retries by the questions that are asked, so that they cannot multiply an outage. */
export interface RetryBudget {
  /** Counts a question's first attempt, which earns part of a retry. */
  earn(): void;
  /** Whether a retry may be made now; takes it out of the budget. */
  spend(): boolean;
}

export interface RetryBudgetOptions {
  /** How much of a retry each first attempt earns. */
  readonly ratio: number;
  /** How many retries can be saved up; so many are there at the start. */
  readonly reserve: number;
}

/** A budget: of any number of questions at most `ratio` of them, and `reserve` beyond, are retries. */
export function createRetryBudget({ ratio, reserve }: RetryBudgetOptions): RetryBudget {
  let saved = reserve;
  return {
    earn() {
      saved = Math.min(saved + ratio, reserve);
    },
    spend() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
