import type { Cores } from './cores.ts';
import type { Generator } from './load/generator.ts';
import type { BenchOptions } from './options.ts';
import type { Question } from './question.ts';

/** What a case has at hand. */
export interface Bench {
  readonly options: BenchOptions;
  readonly question: Question;
  readonly cores: Cores;
  readonly generator: Generator;
  /** Says what is being done. */
  readonly progress: (doing: string) => void;
}

/** A kind of load, and what is demanded of the gateway under it. */
export interface BenchCase {
  readonly name: string;
  readonly title: string;
  /** Whether it needs an operation that asks for a page of images. */
  readonly needsPage: boolean;
  run(bench: Bench): Promise<CaseResult>;
}

/** A column of the table of ratios: contestant title to cell. */
export interface Column {
  readonly title: string;
  readonly cells: ReadonlyMap<string, string>;
}

/** Something demanded, and what was measured. */
export interface Demand {
  readonly demand: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** A table by itself: its head, then its rows. */
export interface Detail {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** What came of a case. */
export interface CaseResult {
  readonly columns: readonly Column[];
  readonly demands: readonly Demand[];
  readonly details: readonly Detail[];
  /** What a reader must know of it: who was left out, and errors under load. */
  readonly remarks: readonly string[];
}
