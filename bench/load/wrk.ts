import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onCores } from '../cores.ts';
import { scratch } from '../running.ts';
import { readUsage } from '../usage.ts';
import type { Template } from './template.ts';

const script = new URL('requests.lua', import.meta.url).pathname;

export interface Load {
  readonly url: string;
  readonly template: Template;
  readonly connections: number;
  readonly seconds: number;
  /** The number of the first request. */
  readonly from: number;
  /** As many callers take turns at random; 0 is one and the same. */
  readonly callers?: number;
  readonly cores: string | null;
}

/** What came of a load. */
export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly requests: number;
  /** Answers with another status than 200 or with errors in them, broken connections, and requests without answer. */
  readonly errors: number;
  /** How much of its core the load generator itself took; near 1 it is what was measured. */
  readonly loadBusy: number;
}

let loads = 0;

/** Puts a server under load with wrk: as many requests at once as there are connections. */
export async function measure(load: Load): Promise<Measured> {
  const { url, template, connections, seconds, from, callers = 0, cores } = load;
  loads += 1;
  const file = join(scratch, `template-${loads}.json`);
  writeFileSync(file, template.body);
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '5s', '-s', script, url];
  const scriptArguments = [file, from, template.pages, callers].map(String);
  const [program = '', ...args] = onCores(cores, ['wrk', ...options, '--', ...scriptArguments]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let cpuSeconds = 0;
  const watch = setInterval(() => {
    cpuSeconds = Math.max(cpuSeconds, readUsage(child.pid ?? 0).cpuSeconds);
  }, 100);
  const [said, complaint] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  clearInterval(watch);

  const line = /^MEASURED (.*)$/m.exec(said)?.[1];
  if (line === undefined) throw new Error(`wrk failed: ${complaint || said}`);
  const counted: Readonly<Record<string, number>> = JSON.parse(line);
  const of = (name: string): number => counted[name] ?? 0;
  const duration = of('microseconds') / 1e6;
  return {
    requestsPerSecond: of('requests') / duration,
    p50Ms: of('p50') / 1000,
    p90Ms: of('p90') / 1000,
    p99Ms: of('p99') / 1000,
    maxMs: of('max') / 1000,
    requests: of('requests'),
    errors: of('wrong') + of('broken') + of('timeouts'),
    loadBusy: cpuSeconds / duration,
  };
}

/** Makes sure that wrk is there: installs Debian's package where this process may. */
export function ensureWrk(): void {
  if (isInstalled()) return;
  const mayInstall = process.getuid?.() === 0;
  if (mayInstall) {
    process.stderr.write('Installing wrk with apt-get.\n');
    try {
      execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] });
      execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'wrk'], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    } catch {
      // What is missing is said below.
    }
  }
  if (!isInstalled()) {
    throw new Error(
      'Expected the load generator wrk (Debian and Ubuntu: apt-get install wrk; macOS: brew install wrk).',
    );
  }
}

function isInstalled(): boolean {
  try {
    // It has no option that ends with 0; whether it starts at all is the question.
    execFileSync('sh', ['-c', 'command -v wrk'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
