import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Criterion } from '../../src/image/field.ts';
import { groups } from '../../src/image/groups.ts';
import { schema } from '../../src/schema/index.ts';

const [start, end] = ['<!-- generated: criteria -->', '<!-- end of generated -->'];

/** When upstream is asked, and when the gateway decides. */
function whoDecides({ parameter, wire, ask }: Criterion): string {
  if (parameter === null) return 'the gateway';
  if (wire === null) return `upstream, \`${parameter}\`; refused elsewhere`;
  if (ask.input === 'ImageTextFilter')
    return `the gateway; \`${parameter}\` narrows for one \`equals\` with \`caseSensitive\``;
  if (ask.input === 'ImageDateTimeFilter') return `upstream, \`${parameter}\`, for one comparison; of two, one narrows`;
  if (ask.input === 'ImageIntRange') return 'the gateway';
  if (ask.list) return `upstream, \`${parameter}\`, for one value; otherwise the gateway`;
  return ask.encode([false]) === null
    ? `upstream, \`${parameter}\`, for true; false the gateway`
    : `upstream, \`${parameter}\``;
}

test('docs/search.md says of every criterion who decides it', async () => {
  const rows = groups.flatMap((group) =>
    Object.entries(group.criteria).map(([name, criterion]) => {
      const type = schema.getType(`${group.type}Filter`);
      const field = type !== undefined && 'getFields' in type ? type.getFields()[name] : undefined;
      const place = group.name === '' ? name : `${group.name}.${name}`;
      return `| \`${place}\` | \`${String(field?.type)}\` | ${whoDecides(criterion)} |`;
    }),
  );
  const page = readFileSync(new URL('../../docs/search.md', import.meta.url), 'utf8');
  const [before = '', rest = ''] = page.split(start);
  const [, after = ''] = rest.split(end);
  const table = ['', '| criterion | takes | decided by |', '| --- | --- | --- |', ...rows, ''].join('\n');
  expect(rows.length).toBeGreaterThan(60);
  await expect(`${before}${start}\n${table}\n${end}${after}`).toMatchFileSnapshot('../../docs/search.md');
});
