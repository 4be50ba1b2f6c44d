import { readdirSync, readFileSync } from 'node:fs';

/** What a process has taken so far, its children included; zeros where the system does not say. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Ticks of a second in /proc, which Linux fixes at 100 for programs. */
const TICKS = 100;

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

/** Seconds of all cores that anybody has taken so far, and those that the host took from this machine; NaN without /proc. */
export function readMachineSeconds(): number {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = line
      .split(/ +/)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softirq + stolen) / TICKS;
  } catch {
    return Number.NaN;
  }
}

function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // What follows the name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS, residentBytes: Number(resident ?? 0) * 1024 };
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
