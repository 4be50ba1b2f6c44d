import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { scratch, startProcess } from '../running.ts';
import { readMachineSeconds, readUsage } from '../usage.ts';
import type { Generator } from './generator.ts';
import type { Template } from './template.ts';

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
  readonly generator: Generator;
}

/** What came of a load. */
export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /**
   * Answers with another status than 200 or with errors in them, broken connections, and requests without answer; not one
   * answer is an error too.
   */
  readonly errors: number;
  /** How much of its core the load generator itself took; near 1 it is what was measured. */
  readonly loadBusy: number;
  /** How many cores were taken meanwhile by what does not belong to the bench. */
  readonly othersBusy: number;
}

let loads = 0;

/** Puts a server under load: as many requests at once as there are connections. */
export async function measure(load: Load): Promise<Measured> {
  const { template, seconds, from, callers = 0, cores, generator } = load;
  loads += 1;
  const file = join(scratch, `template-${loads}.json`);
  writeFileSync(file, template.body);
  const values = [file, from, template.pages, callers].map(String);
  const [ownBefore, machineBefore, began] = [readUsage(process.pid), readMachineSeconds(), performance.now()];
  const command = generator.toCommand(load, values);
  const child = startProcess({ command, cores, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.stdout === null || child.stderr === null || child.pid === undefined) {
    throw new Error(`${generator.name} cannot be started.`);
  }
  const { pid } = child;
  const ended = once(child, 'close');
  let cpuSeconds = 0;
  const watch = setInterval(() => {
    cpuSeconds = Math.max(cpuSeconds, readUsage(pid).cpuSeconds);
  }, 100);
  const [said, complaint] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  clearInterval(watch);
  const own = readUsage(process.pid).cpuSeconds - ownBefore.cpuSeconds + cpuSeconds;
  const others = (readMachineSeconds() - machineBefore - own) / ((performance.now() - began) / 1000);

  const line = /^MEASURED (.*)$/m.exec(said)?.[1];
  if (line === undefined) throw new Error(`${generator.name} failed: ${complaint || said}`);
  const counted: Readonly<Record<string, number>> = JSON.parse(line);
  const of = (name: string): number => counted[name] ?? 0;
  const duration = of('microseconds') / 1e6;
  return {
    requestsPerSecond: of('requests') / duration,
    p50Ms: of('p50') / 1000,
    p99Ms: of('p99') / 1000,
    maxMs: of('max') / 1000,
    errors: of('wrong') + of('broken') + of('timeouts') + (of('requests') === 0 ? 1 : 0),
    loadBusy: cpuSeconds / seconds,
    othersBusy: Number.isNaN(others) ? 0 : Math.max(0, others),
  };
}
