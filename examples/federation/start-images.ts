import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Service } from './listen.ts';

const main = new URL('../../src/main.ts', import.meta.url).pathname;

/** The image gateway, a process of its own with this one's environment: `IMS_ENDPOINT` puts it before a real cloud. */
export async function startImages(port: number): Promise<Service> {
  const child = spawn(process.execPath, [main], {
    // The banner says where it listens.
    env: { ...process.env, PORT: String(port), BANNER: 'on' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    const url = /^Graph\S+ +(http\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      async [Symbol.asyncDispose]() {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error('The image gateway did not start; it says above why.');
}
