import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ask, complaintOf } from './ask.ts';
import { gateway } from './contestants.ts';
import { chooseCores } from './cores.ts';
import { type Cost, type CpuProfile, costsByFunction, costsByPart } from './cpu-profile.ts';
import { startUpstream, toTemplate } from './enter.ts';
import { fillTemplate } from './load/template.ts';
import { chooseGenerator } from './load/generator.ts';
import { measure } from './load/measure.ts';
import { readQuestion } from './question.ts';
import { type Variation, variations } from './variations.ts';

// Writes a CPU profile of the gateway under the load of a case, and prints where its time went.

try {
  const { values: options } = parseArgs({
    options: {
      case: { type: 'string', default: 'hot' },
      seconds: { type: 'string', default: '10' },
      functions: { type: 'string', default: '30' },
      out: { type: 'string', default: new URL('../profiles', import.meta.url).pathname },
      operation: { type: 'string', default: new URL('page.graphql', import.meta.url).pathname },
      variables: { type: 'string' },
      first: { type: 'string' },
    },
  });
  const vary = variations[options.case];
  if (vary === undefined) {
    throw new Error(`--case: expected one of ${Object.keys(variations).join(', ')}, but received ${options.case}.`);
  }
  const file = await profileGateway(options, vary);
  const profile: CpuProfile = JSON.parse(readFileSync(file, 'utf8'));
  process.stdout.write(`${options.case}: ${file}\n\n${showCosts('part', costsByPart(profile), 40)}\n`);
  process.stdout.write(`${showCosts('function', costsByFunction(profile), Number(options.functions))}\n`);
  process.stdout.write(
    'As a flame graph: open the file in the developer tools of Chromium (Performance) or in speedscope.\n',
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

interface ProfileOptions {
  readonly case: string;
  readonly seconds: string;
  readonly out: string;
  readonly operation: string;
  readonly variables?: string;
  readonly first?: string;
}

/** Runs the gateway under load until it has learned, and then for as long again; the profile's file. */
async function profileGateway(options: ProfileOptions, vary: Variation): Promise<string> {
  const cores = chooseCores();
  const { variables = null, first } = options;
  const files = { operation: options.operation, variables, first: first === undefined ? null : Number(first) };
  const varied = vary(readQuestion(files));
  const { question, pages, delayMs } = varied;
  const template = toTemplate(varied, gateway);
  mkdirSync(options.out, { recursive: true });
  const folder = join(options.out, options.case);
  rmSync(folder, { recursive: true, force: true });

  await using upstream = await startUpstream({ IMAGES: '2000', DELAY_MS: String(delayMs) }, cores.upstream);
  {
    const nodeOptions = ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${folder}`];
    await using server = await gateway.start({ upstreamUrl: upstream.url, question, cores: cores.server, nodeOptions });
    for (let page = 0; page < pages; page += 1) {
      const complaint = complaintOf(await ask(server.url, fillTemplate(template, page)));
      if (complaint !== null) throw new Error(`The gateway does not answer the operation: ${complaint}`);
    }
    process.stderr.write(`${options.case}: ${options.seconds} s of load\n`);
    const generator = chooseGenerator();
    const seconds = Number(options.seconds);
    const load = { url: server.url, template, connections: 32, cores: cores.load, generator, seconds };
    const { requestsPerSecond } = await measure({ ...load, from: 1_000_000 });
    process.stderr.write(`${requestsPerSecond.toFixed(0)} requests a second, while it was watched\n`);
  }
  const [profile] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  if (profile === undefined) throw new Error('Node wrote no profile.');
  return join(folder, profile);
}

function showCosts(what: string, costs: readonly Cost[], most: number): string {
  const rows = costs.slice(0, most).map(([name, share]) => `| ${name} | ${(share * 100).toFixed(1)} % |`);
  return [`| ${what} | self time |`, '| --- | ---: |', ...rows, ''].join('\n');
}
