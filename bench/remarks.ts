import type { Measured } from './load/measure.ts';

/** How much of a core others may take before a reader is told. */
const QUIET = 0.2;
/** From how much of its core on the load generator is what was measured. */
const AT_ITS_LIMIT = 0.95;

/** What a reader must know of measurements of somebody before using them. */
export function remarksOn(who: string, measured: readonly Measured[]): string[] {
  const errors = measured.reduce((sum, one) => sum + one.errors, 0);
  const load = Math.max(...measured.map(({ loadBusy }) => loadBusy));
  return [
    ...(errors > 0 ? [`${VOID}${who}: ${errors} errors under load**; its numbers are void.`] : []),
    ...(load > AT_ITS_LIMIT ? [`${who}: the load generator was at its own limit; it may be faster.`] : []),
  ];
}

/** That the machine did something else meanwhile; nothing where it was quiet. */
export function remarkOnOthers(name: string, measured: readonly Measured[]): string[] {
  const noisy = measured.filter(({ othersBusy }) => othersBusy > QUIET);
  if (noisy.length === 0) return [];
  const most = Math.max(...noisy.map(({ othersBusy }) => othersBusy));
  return [
    `${name}: the machine was not quiet: in ${noisy.length} of ${measured.length} measurements other processes took up to ${(most * 100).toFixed(0)} % of a core. Numbers are less sure.`,
  ];
}

/** How remarks begin that say that a number or an answer cannot be used. */
const VOID = '**';

/** A remark that something cannot be used. */
export const toVoid = (what: string, why: string): string => `${VOID}${what}**: ${why}`;

export const isVoid = (remark: string): boolean => remark.startsWith(VOID);
