import { execFileSync } from 'node:child_process';
import type { Load } from './measure.ts';

/** A program that asks as fast as it can, and then says `MEASURED` and what it counted, as JSON. */
export interface Generator {
  readonly name: string;
  /** `values`: the template's file, the first number, pages and callers. */
  toCommand(load: Load, values: readonly string[]): readonly string[];
}

const script = new URL('requests.lua', import.meta.url).pathname;
const substitute = new URL('../peers/autocannon.ts', import.meta.url).pathname;

const wrk: Generator = {
  name: 'wrk',
  toCommand: ({ url, connections, seconds }, values) =>
    ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '5s', '-s', script, url, '--'].concat(values),
};

const autocannon: Generator = {
  name: 'autocannon',
  toCommand: ({ url, connections, seconds }, values) =>
    [process.execPath, substitute, url, String(connections), String(seconds)].concat(values),
};

/** wrk where it is installed, or autocannon, which takes several times as much of its core for the same load. */
export function chooseGenerator(): Generator {
  if (isInstalled('wrk')) return wrk;
  process.stderr.write(
    'wrk is missing (Debian and Ubuntu: apt-get install wrk; macOS: brew install wrk). autocannon takes its place: fast servers look slower.\n',
  );
  return autocannon;
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
