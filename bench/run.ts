import { execFileSync } from 'node:child_process';
import type { Bench, BenchCase, CaseResult } from './case.ts';
import { callers } from './cases/callers.ts';
import { cold } from './cases/cold.ts';
import { deep } from './cases/deep.ts';
import { hot } from './cases/hot.ts';
import { start } from './cases/start.ts';
import { twoProcesses } from './cases/two-processes.ts';
import { warmSelection, warmText } from './cases/warm.ts';
import { arePeersInstalled, peers } from './contestants.ts';
import { chooseCores } from './cores.ts';
import { ensureWrk } from './load/wrk.ts';
import { readOptions } from './options.ts';
import { readQuestion } from './question.ts';
import { toReport, writeReport } from './report.ts';

const cases: readonly BenchCase[] = [hot, warmSelection, warmText, cold, deep, callers, start, twoProcesses];

try {
  const options = readOptions(process.argv.slice(2), {
    cases: cases.map(({ name }) => name),
    contestants: peers.map(({ name }) => name),
  });
  ensureWrk();
  if (!arePeersInstalled()) {
    process.stderr.write('Installing the peers: npm ci in bench/peers.\n');
    const folder = new URL('peers', import.meta.url).pathname;
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const started = performance.now();
  const bench: Bench = {
    options,
    question: readQuestion(options),
    cores: chooseCores(),
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
  process.stderr.write('\n');
  const report = toReport(bench, results, new Date());
  process.stdout.write(report);
  if (options.write) writeReport(report);
  if (results.some(([, { remarks }]) => remarks.some((remark) => remark.startsWith('**')))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
