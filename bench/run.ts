import { execFileSync } from 'node:child_process';
import type { Bench, BenchCase, CaseResult } from './case.ts';
import { callers } from './cases/callers.ts';
import { cold } from './cases/cold.ts';
import { deep } from './cases/deep.ts';
import { hot, warmSelection, warmText } from './cases/kept.ts';
import { start } from './cases/start.ts';
import { twoProcesses } from './cases/two-processes.ts';
import { windows } from './cases/windows.ts';
import { arePeersInstalled, peers } from './contestants.ts';
import { chooseCores } from './cores.ts';
import { chooseGenerator } from './load/generator.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { readQuestion } from './question.ts';
import { isVoid } from './remarks.ts';
import { toReport, writeReport } from './report.ts';

const cases: readonly BenchCase[] = [hot, warmSelection, warmText, cold, deep, windows, callers, start, twoProcesses];

try {
  const options = readOptions(process.argv.slice(2), {
    cases: cases.map(({ name }) => name),
    quickCases: [hot, warmSelection, cold].map(({ name }) => name),
    contestants: peers.map(({ name }) => name),
  });
  if (typeof options === 'string') process.stdout.write(`${options}\n`);
  else await run(options);
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function run(options: BenchOptions): Promise<void> {
  if (!arePeersInstalled()) {
    process.stderr.write('Installing the peers: npm ci in bench/peers.\n');
    const cwd = new URL('peers', import.meta.url).pathname;
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const started = performance.now();
  const bench: Bench = {
    options,
    question: readQuestion(options),
    cores: chooseCores(),
    generator: chooseGenerator(),
    progress(doing) {
      const minutes = ((performance.now() - started) / 60_000).toFixed(1);
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${minutes} min  ${doing}`);
      else process.stderr.write(`${minutes} min  ${doing}\n`);
    },
  };
  const results: [BenchCase, CaseResult][] = [];
  for (const one of cases.filter(({ name }) => options.cases.includes(name))) {
    if (one.needsPage && !bench.question.isPage) {
      process.stderr.write(`${one.name} is left out: the operation asks for something else than a page of images.\n`);
    } else {
      results.push([one, await one.run(bench)]);
    }
  }
  bench.progress('done\n');
  const report = toReport(bench, results, new Date());
  process.stdout.write(report);
  if (options.write) writeReport(report);
  if (results.some(([, { remarks }]) => remarks.some(isVoid))) process.exitCode = 1;
}
