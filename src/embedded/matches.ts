import * as enums from '../image/enums.ts';
import { type Criterion, equals, flag, integer, memberOf, oneOf } from './criterion.ts';
import { refusedParameter } from './errors.ts';
import { runsOnFlavor } from './flavors.ts';
import { timeRange } from './time-criterion.ts';

const architecture: Criterion = (value, name) => {
  memberOf(enums.Architecture, 'IMG.0212')(value, name);
  return (image) => (image['__support_arm'] === 'true') === (value === 'arm');
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const enterpriseProject: Criterion = (value, name) => {
  if (value === 'all_granted_eps') return () => true;
  if (value === '0') return (image) => ['0', '', null, undefined].some((blank) => image[name] === blank);
  if (!uuid.test(value)) throw refusedParameter(name, '0, a UUID or all_granted_eps', value);
  return equals(value, name);
};

/** A tag `key=value` is also found as `key.value`, the form of tags added before the manual's "function upgrade". */
const tag: Criterion = (value) => {
  const spellings = [value, value.replace('=', '.')];
  return ({ tags }) => Array.isArray(tags) && spellings.some((spelling) => tags.includes(spelling));
};

/** What each search criterion of the manual's Table 1 asks of an image, in the order of the manual. */
const criteria = new Map<string, Criterion>([
  ['__isregistered', oneOf(['true', 'false'])],
  ['__imagetype', memberOf(enums.ImageType, 'IMG.0024')],
  ['__whole_image', flag],
  ['__system__cmkid', equals],
  ['protected', flag],
  ['visibility', memberOf(enums.ImageVisibility)],
  ['owner', equals],
  ['id', equals],
  ['status', memberOf(enums.ImageStatus)],
  ['name', equals],
  ['flavor_id', runsOnFlavor],
  ['container_format', memberOf(enums.ContainerFormat)],
  ['disk_format', memberOf(enums.DiskFormat)],
  ['min_ram', integer('IMG.0055')],
  ['min_disk', integer('IMG.0055')],
  ['__os_bit', memberOf(enums.OsBit)],
  ['__platform', equals],
  ['__os_type', memberOf(enums.OsType)],
  ['tag', tag],
  ['__support_kvm', equals],
  ['__support_xen', equals],
  ['__support_largememory', equals],
  ['__support_diskintensive', equals],
  ['__support_highperformance', equals],
  ['__support_xen_gpu_type', equals],
  ['__support_kvm_gpu_type', equals],
  ['__support_xen_hana', equals],
  ['__support_kvm_infiniband', equals],
  ['virtual_env_type', memberOf(enums.ImageEnvironment)],
  ['enterprise_project_id', enterpriseProject],
  ['created_at', timeRange],
  ['updated_at', timeRange],
  ['architecture', architecture],
]);

/** The criterion of a parameter. A name outside the manual is, as in Glance, equality with the attribute of that name. */
export const criterionOf = (name: string): Criterion => criteria.get(name) ?? equals;
