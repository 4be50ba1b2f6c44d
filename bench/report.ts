import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import type { Bench, BenchCase, CaseResult } from './case.ts';
import { contestants } from './contestants.ts';
import { showCores } from './cores.ts';

type Results = readonly (readonly [BenchCase, CaseResult])[];

const toRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const toTable = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(toRow).join('\n');

/** The result as Markdown. */
export function toReport(bench: Bench, results: Results, at: Date): string {
  const all = results.map(([, result]) => result);
  const remarks = all.flatMap((result) => result.remarks);
  const sections = [
    machineOf(bench, at),
    ratioTable(all),
    demandTable(results),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `- ${remark}`).join('\n')]),
    ...all.flatMap(({ details }) => details.map(({ title, rows }) => `**${title}**\n\n${toTable(rows)}`)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function machineOf({ options, cores, generator }: Bench, at: Date): string {
  const [cpu] = cpus();
  const command = ['npm run bench', ...(options.given.length === 0 ? [] : ['--', ...options.given])].join(' ');
  const rounds = `${options.rounds} × ${options.seconds} s each, ${options.connections} requests at once by ${generator.name}`;
  return [
    `\`${command}\`, ${at.toISOString().slice(0, 10)}: ${cpus().length} × ${cpu?.model.trim()}, Linux ${release()}, Node ${process.version}; ${rounds}.`,
    showCores(cores),
  ].join('\n');
}

/** Requests per second relative to plain Node: contestants down, cases across. */
function ratioTable(results: readonly CaseResult[]): string {
  const columns = results.flatMap((result) => result.columns);
  if (columns.length === 0) return '';
  const titles = contestants.map(({ title }) => title).filter((title) => columns.some(({ cells }) => cells.has(title)));
  const head = [
    'requests per second, plain Node HTTP = 1: median of the rounds (least–most)',
    ...columns.map(({ title }) => title),
  ];
  return toTable([head, ...titles.map((title) => [title, ...columns.map(({ cells }) => cells.get(title) ?? '')])]);
}

function demandTable(results: Results): string {
  const rows = results.flatMap(([{ name, title }, { demands }]) =>
    demands.map(({ demand, measured, isMet }) => [`${name}: ${title}`, demand, measured, isMet ? 'yes' : '**no**']),
  );
  return rows.length === 0 ? '' : toTable([['case', 'demanded', 'measured', 'met'], ...rows]);
}

const page = new URL('../docs/performance.md', import.meta.url);
const [begin, end] = ['<!-- npm run bench -- --write: begin -->', '<!-- npm run bench -- --write: end -->'];

/** Puts the result between the markers of docs/performance.md. */
export function writeReport(report: string): void {
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md: expected ${begin} and ${end}.`);
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${report}\n${text.slice(to)}`);
}
