import { parseArgs } from 'node:util';
import type { QuestionFiles } from './question.ts';

export interface BenchOptions extends QuestionFiles {
  readonly cases: readonly string[];
  readonly contestants: readonly string[];
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
  /** Of load before the first measurement, while the compiler learns. */
  readonly warmUpSeconds: number;
  /** Whether docs/performance.md gets the result. */
  readonly write: boolean;
  /** The arguments as they were given. */
  readonly given: readonly string[];
}

const usage = `npm run bench -- [options]
  --case hot,cold            only these cases
  --contestants a,b          only these beside the gateway and the limits
  --rounds 5 --seconds 4     how many measurements of each, and how long
  --quick                    fewer and shorter: three to four minutes
  --operation file.graphql   another operation in place of bench/page.graphql,
  --variables file.json      with these variables,
  --first 100                and pages of another size
  --write                    puts the result into docs/performance.md`;

/** Reads the command line. Throws an error that explains it where it cannot be used. */
export function readOptions(
  args: readonly string[],
  known: { cases: readonly string[]; contestants: readonly string[] },
) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      case: { type: 'string', multiple: true },
      contestants: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      operation: { type: 'string', default: new URL('page.graphql', import.meta.url).pathname },
      variables: { type: 'string' },
      first: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error(usage);
  const { quick } = values;
  const options: BenchOptions = {
    cases: namesIn('case', values.case, known.cases),
    contestants: namesIn('contestants', values.contestants, known.contestants),
    rounds: toCount('rounds', values.rounds) ?? (quick ? 3 : 5),
    seconds: toCount('seconds', values.seconds) ?? (quick ? 1 : 4),
    warmUpSeconds: quick ? 1 : 3,
    operation: values.operation,
    variables: values.variables ?? null,
    first: toCount('first', values.first),
    write: values.write,
    given: args,
  };
  return options;
}

function namesIn(option: string, given: readonly string[] | undefined, known: readonly string[]): readonly string[] {
  if (given === undefined) return known;
  const names = given.flatMap((one) => one.split(','));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--${option}: expected some of ${known.join(', ')}, but received ${unknown}.\n\n${usage}`);
  }
  return known.filter((name) => names.includes(name));
}

function toCount(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new Error(`--${option}: expected a whole number from 1 on, but received ${text}.\n\n${usage}`);
  }
  return count;
}
