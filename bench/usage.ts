import { readdirSync, readFileSync } from 'node:fs';

/** What a process has taken so far, its children included; zeros where the system does not say. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Ticks of a second in /proc, which Linux fixes at 100 for programs. */
const TICKS = 100;
const PAGE_BYTES = 4096;

/** Reads /proc. */
export function readUsage(pid: number): Usage {
  try {
    const own = usageOf(pid);
    const children = childrenOf(pid).map(readUsage);
    return {
      cpuSeconds: children.reduce((sum, one) => sum + one.cpuSeconds, own.cpuSeconds),
      residentBytes: children.reduce((sum, one) => sum + one.residentBytes, own.residentBytes),
    };
  } catch {
    return { cpuSeconds: 0, residentBytes: 0 };
  }
}

function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // What follows the name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpuSeconds: ticks / TICKS, residentBytes: Number(fields[21]) * PAGE_BYTES };
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
