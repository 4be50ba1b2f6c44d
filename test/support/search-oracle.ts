import fc from 'fast-check';
import type { WireImage } from '../../src/image/source.ts';

// The meaning of filters and orders once more, on upstream's own objects and without the code under test.

export type Predicate = (image: WireImage) => boolean;
/** A filter as GraphQL takes it, and which images it selects. */
export interface Meaning {
  readonly filter: Readonly<Record<string, unknown>>;
  readonly selects: Predicate;
}

const leaf = (filter: Meaning['filter'], selects: Predicate): Meaning => ({ filter, selects });
const textOf = (image: WireImage, name: string): string => {
  const value = image[name];
  return typeof value === 'string' ? value : '';
};
const tagsOf = (image: WireImage): string[] => {
  const { tags } = image;
  return Array.isArray(tags) ? tags.map(String) : [];
};
const limit = (value: unknown): number => (/^\d+$/.test(String(value)) ? Number(value) : 0);
const isYes = (value: unknown): boolean => String(value).toLowerCase() === 'true';
const agentsOf = (image: WireImage): string[] => textOf(image, '__support_agent_list').replaceAll(' ', '').split(',');
const middle = '2021-01-01T00:00:00Z';
const late = '2031-01-01T00:00:00Z';

/** Single criteria, those that upstream can compare and those that it cannot. */
export const leaves: readonly Meaning[] = [
  leaf({ type: 'PUBLIC' }, (i) => i['__imagetype'] === 'gold'),
  leaf({ type: ['PRIVATE', 'SHARED'] }, (i) => ['private', 'shared'].includes(textOf(i, '__imagetype'))),
  leaf({ protected: true }, (i) => i['protected'] === true),
  leaf({ protected: false }, (i) => i['protected'] !== true),
  leaf({ name: 'web-base' }, (i) => i['name'] === 'web-base'),
  leaf({ name: ['web-base', 'Web-base', 'a 2'] }, (i) => /^(web-base|Web-base|a 2)$/.test(textOf(i, 'name'))),
  leaf({ nameMatches: { contains: 'WEB' } }, (i) => /web/i.test(textOf(i, 'name'))),
  leaf({ nameMatches: { contains: 'web', caseSensitive: true } }, (i) => /web/.test(textOf(i, 'name'))),
  leaf({ nameMatches: { equals: ['WEB-BASE'] } }, (i) => /^web-base$/i.test(textOf(i, 'name'))),
  leaf({ nameMatches: { equals: 'Web-base', caseSensitive: true } }, (i) => i['name'] === 'Web-base'),
  leaf({ nameMatches: { startsWith: ['centos', '镜'] } }, (i) => /^(centos|镜)/i.test(textOf(i, 'name'))),
  leaf({ nameMatches: { endsWith: '10' } }, (i) => textOf(i, 'name').endsWith('10')),
  leaf({ nameMatches: { pattern: 'u*server?64*bit*' } }, (i) => /^u.*server.64.*bit.*$/i.test(textOf(i, 'name'))),
  leaf({ nameMatches: { present: false } }, (i) => textOf(i, 'name') === ''),
  leaf({ os: { platform: 'Ubuntu' } }, (i) => i['__platform'] === 'Ubuntu'),
  leaf({ os: { platform: ['Red Hat', 'RedHat'] } }, (i) => ['Red Hat', 'RedHat'].includes(textOf(i, '__platform'))),
  leaf({ os: { versionMatches: { contains: '7.' } } }, (i) => textOf(i, '__os_version').includes('7.')),
  leaf({ os: { bit: 'BIT_64' } }, (i) => i['__os_bit'] === '64'),
  leaf({ os: { architecture: 'ARM' } }, (i) => i['__support_arm'] === 'true'),
  leaf({ os: { architecture: 'X86' } }, (i) => i['__support_arm'] !== 'true'),
  leaf({ os: { architecture: ['X86', 'ARM'] } }, () => true),
  leaf({ os: { features: { sshKey: true } } }, (i) => /"ssh_key": "true"/i.test(textOf(i, '__os_feature_list'))),
  leaf({ supports: { kvm: true } }, (i) => i['__support_kvm'] === 'true'),
  leaf({ supports: { kvm: false } }, (i) => i['__support_kvm'] !== 'true'),
  leaf({ supports: { gpu: false } }, (i) => !i['__support_kvm_gpu_type'] && !i['__support_xen_gpu_type']),
  leaf({ supports: { kvmGpuType: ['V100', 'P4'] } }, (i) => /^(V100|P4)$/.test(textOf(i, '__support_kvm_gpu_type'))),
  leaf(
    { supports: { kvmGpuType: 'V100', kvm: false } },
    (i) => i['__support_kvm_gpu_type'] === 'V100' && !i['__support_kvm'],
  ),
  leaf({ supports: { cloudInitInjection: false } }, (i) => i['__support_fc_inject'] === 'true'),
  leaf({ storage: { diskFormat: ['VHD', 'RAW'] } }, (i) => /^(vhd|raw)$/.test(textOf(i, 'disk_format'))),
  leaf({ storage: { sizeBytesRange: { gt: 0, lt: 5e9 } } }, (i) => textOf(i, '__image_size') === '1848573952'),
  leaf({ storage: { lazyLoading: true } }, (i) => isYes(i['__lazyloading'])),
  leaf({ requirements: { minDiskGiB: 40 } }, (i) => i['min_disk'] === 40),
  leaf({ requirements: { minDiskGiBRange: { gte: 40, lte: 100 } } }, (i) => [40, 100].includes(Number(i['min_disk']))),
  leaf({ requirements: { minRamMiBRange: { lt: 1024 } } }, (i) => [0, 512].includes(Number(i['min_ram']))),
  leaf({ fits: { diskGiB: 40, ramMiB: 2048 } }, (i) => {
    const most = limit(i['max_ram']);
    return limit(i['min_disk']) <= 40 && limit(i['min_ram']) <= 2048 && (most === 0 || most >= 2048);
  }),
  leaf({ fits: { ramMiB: 8192 } }, (i) => limit(i['min_ram']) <= 8192 && ![4096].includes(limit(i['max_ram']))),
  leaf({ tags: { key: 'app', value: 'web' } }, (i) => tagsOf(i).some((tag) => tag === 'app=web' || tag === 'app.web')),
  leaf(
    { tags: [{ key: 'x' }, { key: 'a', value: 'b' }] },
    (i) => tagsOf(i).includes('x') || tagsOf(i).includes('a=b') || tagsOf(i).includes('a.b'),
  ),
  leaf(
    {
      tagsAll: [
        { key: 'app', value: 'web' },
        { key: 'stage', value: 'prod' },
      ],
    },
    (i) => /(^|,)app[=.]web,(.*,)?stage[=.]prod(,|$)/.test(tagsOf(i).toSorted().join()),
  ),
  leaf({ tagKeys: ['app', 'x'] }, (i) => tagsOf(i).some((tag) => /^(app[=.]|x$)/.test(tag))),
  leaf({ agents: 'ces' }, (i) => agentsOf(i).includes('ces')),
  leaf({ agentsAll: ['hss', 'ces'] }, (i) => agentsOf(i).includes('ces') && agentsOf(i).includes('hss')),
  leaf({ boot: { firmware: 'UEFI' } }, (i) => i['hw_firmware_type'] === 'uefi'),
  leaf({ enterpriseProjectId: '0' }, (i) => ['', '0'].includes(textOf(i, 'enterprise_project_id'))),
  leaf({ enterpriseProjectId: ['0', '9b72d867-10e5-4d1d-9b1b-071099ba790c'] }, (i) =>
    ['', '0', '9b72d867-10e5-4d1d-9b1b-071099ba790c'].includes(textOf(i, 'enterprise_project_id')),
  ),
  leaf({ createdAt: { gte: middle } }, (i) => textOf(i, 'created_at') >= middle),
  leaf(
    { createdAt: { gte: middle, lt: late } },
    (i) => textOf(i, 'created_at') >= middle && textOf(i, 'created_at') < late,
  ),
  leaf(
    { updatedAt: { ne: middle, lt: late } },
    (i) => textOf(i, 'updated_at') !== '' && textOf(i, 'updated_at') < late && i['updated_at'] !== middle,
  ),
  leaf({ descriptionMatches: { present: true } }, (i) => textOf(i, '__description') !== ''),
  leaf({ properties: { name: '__support_s4l', value: 'true' } }, (i) => i['__support_s4l'] === 'true'),
  leaf({ properties: { name: '__support_gpu_t4' } }, (i) => '__support_gpu_t4' in i),
  leaf({}, () => true),
];

const all =
  (some: readonly Meaning[]): Predicate =>
  (image) =>
    some.every(({ selects }) => selects(image));
const any =
  (some: readonly Meaning[]): Predicate =>
  (image) =>
    some.some(({ selects }) => selects(image));

const few = (of: fc.Arbitrary<Meaning>) => fc.array(of, { minLength: 1, maxLength: 3 });
const filtersOf = (some: readonly Meaning[]) => some.map(({ filter }) => filter);

/** Trees of criteria. */
export const { meaning: meanings } = fc.letrec<{ meaning: Meaning }>((tie) => {
  const inner = few(tie('meaning'));
  return {
    meaning: fc.oneof(
      { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(...leaves),
      inner.map((some) => leaf({ and: filtersOf(some) }, all(some))),
      inner.map((some) => leaf({ or: filtersOf(some) }, any(some))),
      inner.map((some) => leaf({ not: filtersOf(some) }, (image) => !any(some)(image))),
      fc
        .tuple(fc.constantFrom(...leaves), inner)
        .map(([one, some]) =>
          leaf({ ...one.filter, or: filtersOf(some) }, (image) => one.selects(image) && any(some)(image)),
        ),
    ),
  };
});

export interface Key {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

const number = (name: string) => (image: WireImage) => limit(image[name]);
const word = (name: string) => (image: WireImage) => textOf(image, name);
const padded = (name: string) => (image: WireImage) =>
  textOf(image, name)
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(20, '0'));

const sortValues: Readonly<Record<string, (image: WireImage) => string | number>> = {
  NAME: word('name'),
  CONTAINER_FORMAT: word('container_format'),
  DISK_FORMAT: word('disk_format'),
  STATUS: word('status'),
  ID: word('id'),
  SIZE: (image) => (typeof image['size'] === 'number' ? image['size'] : 0),
  CREATED_AT: word('created_at'),
  UPDATED_AT: word('updated_at'),
  MIN_DISK: number('min_disk'),
  MIN_RAM: number('min_ram'),
  SIZE_BYTES: number('__image_size'),
  OS_VERSION: padded('__os_version'),
  PLATFORM: word('__platform'),
};

const key = (fields: readonly string[]): fc.Arbitrary<Key> =>
  fc.record({ field: fc.constantFrom(...fields), direction: fc.constantFrom('ASC' as const, 'DESC' as const) });

/** Orders of one key and of several. */
export const orders: fc.Arbitrary<readonly Key[]> = fc.oneof(
  key(Object.keys(sortValues)).map((one) => [one]),
  fc.array(key(Object.keys(sortValues)), { minLength: 1, maxLength: 3 }),
);

/** The images in an order: by each key, then by creation time and id in the direction of the last key. */
export function inOrder(images: readonly WireImage[], keys: readonly Key[]): WireImage[] {
  const direction = keys.at(-1)?.direction ?? 'ASC';
  const whole = [...keys, { field: 'CREATED_AT', direction }, { field: 'ID', direction }];
  return whole.toReversed().reduce(
    (sorted, { field, direction: way }) => {
      // Sorting by the last key first and keeping equal ones in place sorts by all keys.
      const value = sortValues[field] ?? (() => '');
      return sorted.toSorted((a, b) => {
        const [left, right] = [value(a), value(b)];
        return left === right ? 0 : left < right === (way === 'ASC') ? -1 : 1;
      });
    },
    [...images],
  );
}
