import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onCores } from './cores.ts';
import { readUsage, type Usage } from './usage.ts';

/** Where the bench keeps what its processes print, and what they read; gone when it ends. */
export const scratch = mkdtempSync(join(tmpdir(), 'ims-bench-'));

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const { pid } of running) killGroup(pid);
  rmSync(scratch, { recursive: true, force: true });
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code));
}

/** Ends a process and all that it has started. */
function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** What a process is started with. */
export interface Command {
  readonly command: readonly string[];
  /** Beside PATH and NODE_ENV: nothing else of the caller's environment changes what is measured. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cores: string | null;
  readonly stdio: StdioOptions;
}

/** Starts a process that ends with the bench at the latest, however that ends. */
export function startProcess({ command, env, cores, stdio }: Command): ChildProcess {
  const [program = '', ...args] = onCores(cores, command);
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio,
    // A group of its own, so that what it starts can be ended with it.
    detached: true,
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

export interface ServerCommand {
  readonly title: string;
  /** What follows `node`. */
  readonly script: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cores: string | null;
}

/** A server in a process of its own. */
export interface RunningServer extends AsyncDisposable {
  /** Where it answers: the first address that it printed. */
  readonly url: string;
  readonly pid: number;
  usage(): Usage;
}

/** How long a server may take to listen. */
const START_MS = 60_000;
/** How long one may take to end before it is cut off. */
const STOP_MS = 3000;

let started = 0;

/** Starts a server and waits until it says where it listens. Its output goes to a file, as an operator's would. */
export async function startServer({ title, script, env, cores }: ServerCommand): Promise<RunningServer> {
  started += 1;
  const log = join(scratch, `${started}.log`);
  const output = openSync(log, 'w');
  const command = [process.execPath, ...script];
  const child = startProcess({ command, env, cores, stdio: ['ignore', output, output] });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${title} cannot be started.`);
  const ended = once(child, 'close');

  const stop = async (): Promise<void> => {
    child.kill();
    const cut = setTimeout(() => killGroup(pid), STOP_MS);
    await ended;
    clearTimeout(cut);
    rmSync(log, { force: true });
  };

  const url = await addressIn(log, () => child.exitCode !== null || child.signalCode !== null);
  if (url === null) {
    const said = readFileSync(log, 'utf8').slice(-2000);
    await stop();
    throw new Error(`${title} did not start:\n${said}`);
  }
  return { url, pid, usage: () => readUsage(pid), [Symbol.asyncDispose]: stop };
}

/** The first address on 127.0.0.1 in a file that is being written; null once there will be none. */
async function addressIn(file: string, hasEnded: () => boolean): Promise<string | null> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    const url = /http:\/\/127\.0\.0\.1:\d+[^\s"]*/.exec(readFileSync(file, 'utf8'))?.[0];
    if (url !== undefined) return url;
    if (hasEnded()) return null;
    await pause(20);
  }
  return null;
}
