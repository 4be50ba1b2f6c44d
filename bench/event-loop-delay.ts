import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

// Loaded into a server with `--import`: at every SIGUSR2 it writes how long the event loop was kept since the last one to
// the file that DELAYS names. A timer of a millisecond is late by that much.

const RESOLUTION_MS = 1;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();

const toMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

process.on('SIGUSR2', () => {
  const [p50Ms, p90Ms, p99Ms] = [50, 90, 99].map((percentile) => toMs(delays.percentile(percentile)));
  writeFileSync(process.env['DELAYS'] ?? '', JSON.stringify({ p50Ms, p90Ms, p99Ms, maxMs: toMs(delays.max) }));
  delays.reset();
});
