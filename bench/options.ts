import { parseArgs } from 'node:util';
import type { QuestionFiles } from './question.ts';

export interface BenchOptions extends QuestionFiles {
  readonly cases: readonly string[];
  readonly contestants: readonly string[];
  /** Requests at once. */
  readonly connections: number;
  readonly rounds: number;
  /** How often contestants are started; the rounds are shared out among the starts. */
  readonly starts: number;
  /** Of each measurement. */
  readonly seconds: number;
  /** Of load before the first measurement, while the compiler learns. */
  readonly warmUpSeconds: number;
  /** Whether docs/performance.md gets the result. */
  readonly write: boolean;
  /** The arguments as they were given. */
  readonly given: readonly string[];
}

/** What may be named on the command line. */
export interface Known {
  readonly cases: readonly string[];
  /** Cases of a quick run. */
  readonly quickCases: readonly string[];
  readonly contestants: readonly string[];
}

const toUsage = ({ cases, quickCases, contestants }: Known): string => `npm run bench -- [options]

Measures the gateway beside others, prints progress to standard error and tables to standard output. Takes about 35
minutes, and a machine that does nothing else. Ends with 1 where an answer was wrong or somebody had errors.

  --quick                 about three minutes: shorter, and the cases ${quickCases.join(', ')} alone
  --case a,b              only these cases: ${cases.join(', ')}
  --contestants a,b       only these beside the gateway and the limits: ${contestants.join(', ')}
  --operation file        the GraphQL operation that is measured (default: bench/page.graphql)
  --variables file.json   its variables
  --first 100             images on a page, whatever the operation says
  --connections 32        requests at once; twice as many in the case cold
  --rounds 9              measurements of each
  --starts 3              how often contestants are started for them, as equal processes are not equally fast
  --seconds 2             how long a measurement takes; one second in the case deep, where there are more
  --write                 puts the result into docs/performance.md
  --help                  this text`;

/** Reads the command line; the text to show where that is asked for. Throws an error that explains what cannot be used. */
export function readOptions(args: readonly string[], known: Known): BenchOptions | string {
  const usage = toUsage(known);
  const values = parse(args, usage);
  const { quick } = values;
  const namesIn = (option: 'case' | 'contestants', all: readonly string[], otherwise: readonly string[]) => {
    const names = values[option]?.flatMap((one) => one.split(',')) ?? otherwise;
    const unknown = names.find((name) => !all.includes(name));
    if (unknown === undefined) return all.filter((name) => names.includes(name));
    throw new Error(`--${option}: expected some of ${all.join(', ')}, but received ${unknown}.`);
  };
  const countIn = (option: 'connections' | 'rounds' | 'starts' | 'seconds' | 'first'): number | null => {
    const text = values[option];
    if (text === undefined) return null;
    const count = Number(text);
    if (Number.isInteger(count) && count >= 1) return count;
    throw new Error(`--${option}: expected a whole number from 1 on, but received ${text}.`);
  };
  if (values.help) return usage;
  return {
    cases: namesIn('case', known.cases, quick ? known.quickCases : known.cases),
    contestants: namesIn('contestants', known.contestants, known.contestants),
    connections: countIn('connections') ?? 32,
    rounds: countIn('rounds') ?? (quick ? 3 : 9),
    starts: countIn('starts') ?? (quick ? 1 : 3),
    seconds: countIn('seconds') ?? (quick ? 1 : 2),
    warmUpSeconds: quick ? 2 : 8,
    operation: values.operation,
    variables: values.variables ?? null,
    first: countIn('first'),
    write: values.write,
    given: args,
  };
}

function parse(args: readonly string[], usage: string) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        case: { type: 'string', multiple: true },
        contestants: { type: 'string', multiple: true },
        connections: { type: 'string' },
        rounds: { type: 'string' },
        starts: { type: 'string' },
        seconds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        operation: { type: 'string', default: new URL('page.graphql', import.meta.url).pathname },
        variables: { type: 'string' },
        first: { type: 'string' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}
