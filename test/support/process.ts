import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

const main = new URL('../../src/main.ts', import.meta.url).pathname;

export interface GatewayProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** All that it has printed, on both streams. */
  readonly said: string;
  /** Exit code and signal, once it has ended. */
  readonly ended: Promise<unknown[]>;
  /** The first group of the first match in what it prints. Resolves with an empty text if it ends without one. */
  printed(text: RegExp): Promise<string>;
}

/** The process as `npm start` starts it. */
export function startProcess(
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): GatewayProcess {
  const child = spawn(process.execPath, [...nodeOptions, main], { env: { PATH: process.env['PATH'], ...env } });
  let said = '';
  child.stdout.on('data', (part) => (said += part));
  child.stderr.on('data', (part) => (said += part));
  const ended = once(child, 'close');
  return {
    child,
    ended,
    get said() {
      return said;
    },
    async printed(text) {
      while (!text.test(said) && !child.stdout.closed) await Promise.race([once(child.stdout, 'data'), ended]);
      return text.exec(said)?.[1] ?? '';
    },
  };
}
