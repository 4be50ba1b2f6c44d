import cluster from 'node:cluster';
import { once } from 'node:events';

// Several gateways behind one port: this process takes the connections and deals them out to PROCESSES of them (default 2).
// A gateway that ends is replaced; SIGTERM ends all of them as it would end each alone. Each has a cache of its own.
// /metrics is answered by whichever gateway the connection falls to.

cluster.setupPrimary({ exec: new URL('../src/main.ts', import.meta.url).pathname });
let isEnding = false;
for (let i = 0; i < Number(process.env['PROCESSES'] ?? 2); i += 1) cluster.fork();
cluster.on('exit', () => {
  if (!isEnding) cluster.fork();
});

await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
isEnding = true;
const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
for (const worker of workers) worker.process.kill('SIGTERM');
await Promise.all(workers.map((worker) => once(worker, 'exit')));
