import { execFileSync } from 'node:child_process';

/** Which cores each part of the bench runs on, as taskset takes them; null where cores cannot be chosen. */
export interface Cores {
  readonly server: string | null;
  readonly load: string | null;
  readonly upstream: string | null;
  /** For a server of two processes. */
  readonly pair: string | null;
}

/** Keeps servers apart from the load generator, and with a third core from the image service too. */
export function chooseCores(): Cores {
  const cores = allowedCores();
  const [load, server, upstream = load, second] = cores;
  if (load === undefined || server === undefined) return { server: null, load: null, upstream: null, pair: null };
  return { server, load, upstream: upstream ?? load, pair: `${server},${second ?? load}` };
}

/** The cores that this process may run on; none where taskset is missing. */
function allowedCores(): string[] {
  try {
    const said = execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
    return (said.split(': ')[1] ?? '')
      .trim()
      .split(',')
      .flatMap((part) => {
        const [from = 0, to = from] = part.split('-').map(Number);
        return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
      });
  } catch {
    return [];
  }
}

/** The command, on these cores alone. */
export const onCores = (cores: string | null, command: readonly string[]): readonly string[] =>
  cores === null ? command : ['taskset', '-c', cores, ...command];

/** A sentence on where what runs. */
export const showCores = ({ server, load, upstream, pair }: Cores): string =>
  server === null
    ? 'Cores are not chosen (no taskset, or one core): load and server compete, and ratios are less sure.'
    : `Core ${server} has the server that is measured, core ${load} the load generator, core ${upstream} the image service; two processes have cores ${pair}.`;
