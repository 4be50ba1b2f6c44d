import { relative } from 'node:path';

/** What Node writes with `--cpu-prof`, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node of each sample. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** A name, and the share of the time at work that went into it and nothing that it called. */
export type Cost = readonly [name: string, share: number];

const root = new URL('..', import.meta.url).pathname;
const pathOf = (url: string): string => (url.startsWith('file:') ? relative(root, new URL(url).pathname) : url);

/** Self time by function, the most expensive first. */
export const costsByFunction = (profile: CpuProfile): Cost[] =>
  costsBy(profile, ({ functionName, url, lineNumber }) => {
    const name = functionName === '' ? 'anonymous' : functionName;
    return url === '' ? name : `\`${name}\` ${pathOf(url).replace(/^node_modules\//, '')}:${lineNumber + 1}`;
  });

/** Self time by package, by folder of src, and by what Node and V8 do themselves. */
export const costsByPart = (profile: CpuProfile): Cost[] =>
  costsBy(profile, ({ functionName, url }) => {
    const path = pathOf(url);
    const inner = /node_modules\/(?!.*node_modules\/)((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
    if (inner !== undefined) return inner;
    if (path.startsWith('node:')) return path.split('/', 2).join('/');
    if (path === '') return functionName.startsWith('(') ? functionName : 'built into V8';
    return path.split('/', 2).join('/');
  });

function costsBy(
  { nodes, samples, timeDeltas }: CpuProfile,
  nameOf: (frame: ProfileNode['callFrame']) => string,
): Cost[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [i, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)' || frame.functionName === '(root)') continue;
    const time = Math.max(0, timeDeltas[i] ?? 0);
    const name = nameOf(frame);
    times.set(name, (times.get(name) ?? 0) + time);
    total += time;
  }
  return [...times].map(([name, time]): Cost => [name, time / total]).toSorted(([, a], [, b]) => b - a);
}
