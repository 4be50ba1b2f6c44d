import { writeFileSync } from 'node:fs';
import { type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';

// Loaded into a server with `--import`: a timer of a millisecond tells how long the event loop is kept from it. At every
// SIGUSR2 what was seen since the last one is written to the file that DELAYS names.

const TIMER_MS = 1;

/** From when to when nothing else was done, milliseconds. */
type Stretch = readonly [beganMs: number, endedMs: number];

let stretches: Stretch[] = [];
let collections: Stretch[] = [];

let lastMs = performance.now();
const tick = (): void => {
  const nowMs = performance.now();
  stretches.push([lastMs + TIMER_MS, nowMs]);
  lastMs = nowMs;
  setTimeout(tick, TIMER_MS);
};
setTimeout(tick, TIMER_MS);

const noteAll = (entries: readonly PerformanceEntry[]): void => {
  for (const { startTime, duration } of entries) collections.push([startTime, startTime + duration]);
};
const observer = new PerformanceObserver((list) => noteAll(list.getEntries()));
observer.observe({ entryTypes: ['gc'] });

const lengthOf = ([beganMs, endedMs]: Stretch): number => Math.max(0, endedMs - beganMs);

process.on('SIGUSR2', () => {
  noteAll(observer.takeRecords());
  const delays = stretches.map((stretch) => ({
    ms: lengthOf(stretch),
    collectingMs: collections.reduce(
      (sum, [from, to]) => sum + lengthOf([Math.max(from, stretch[0]), Math.min(to, stretch[1])]),
      0,
    ),
  }));
  writeFileSync(process.env['DELAYS'] ?? '', JSON.stringify(delays));
  stretches = [];
  collections = [];
  // What this has taken is nobody's delay.
  lastMs = performance.now();
});
