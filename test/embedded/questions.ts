import type { WireImage } from '../../src/image/source.ts';
import type { Pairs } from './harness.ts';

/** A search, and which of the visible images it must select. */
export interface Question {
  readonly pairs: Pairs;
  readonly selects: (image: WireImage) => boolean;
}

const ask = (name: string, value: string, selects: Question['selects']): Question => ({
  pairs: [[name, value]],
  selects,
});
const is = (name: string, value: string): Question => ask(name, value, (image) => image[name] === value);

const has = (image: WireImage, tag: string): boolean => Array.isArray(image['tags']) && image['tags'].includes(tag);

const isPublicEcs = (image: WireImage): boolean =>
  image['__imagetype'] === 'gold' && image['virtual_env_type'] === 'FusionCompute';
const isArm = (image: WireImage): boolean => image['__support_arm'] === 'true';

/** Memory between `min_ram` and `max_ram`, where that sets a limit. */
const fits = (image: WireImage, memoryMiB: number): boolean => {
  const most = /^[1-9]\d*$/.test(String(image['max_ram'])) ? Number(image['max_ram']) : memoryMiB;
  return Number(image['min_ram']) <= memoryMiB && memoryMiB <= most;
};

/** `flavor_id`: public images for the virtual machines of a family with this attribute. */
const flavor = (id: string, memoryMiB: number | null, name: string, value = 'true'): Question =>
  ask('flavor_id', id, (image) => {
    if (!isPublicEcs(image) || image[name] !== value) return false;
    if (isArm(image) !== (name === '__support_arm')) return false;
    return memoryMiB === null || fits(image, memoryMiB);
  });

const time = (name: string, value: string, compares: (text: string) => boolean): Question =>
  ask(name, value, (image) => {
    const text = image[name];
    return typeof text === 'string' && compares(text);
  });

const demo = 'ed7d42abfb08ac33e24183c4c6baeb73';
const webProject = '6fa18320-504e-429c-a0c2-38d81eb068fa';

/** Searches that find some of the sample catalogue's images for the token `demo`, and leave some. */
export const selective: readonly Question[] = [
  is('__imagetype', 'gold'),
  is('__imagetype', 'private'),
  is('__imagetype', 'shared'),
  is('__imagetype', 'market'),
  is('__whole_image', 'true'),
  ask('__whole_image', 'false', (image) => image['__whole_image'] !== 'true'),
  is('__system__cmkid', '90a816fe-33c9-4268-88bf-6f7148fdf384'),
  ask('protected', 'true', (image) => image['protected'] === true),
  ask('protected', 'False', (image) => image['protected'] !== true),
  is('visibility', 'public'),
  is('visibility', 'private'),
  is('visibility', 'shared'),
  is('owner', demo),
  is('id', '6e6a1a42-4bc2-46ca-bb5e-a56d8d8920a9'),
  is('status', 'queued'),
  is('status', 'saving'),
  is('status', 'active'),
  is('name', 'web-base-2024.07'),
  is('disk_format', 'zvhd2'),
  is('disk_format', 'zvhd2'),
  is('disk_format', 'vhd'),
  is('disk_format', 'raw'),
  is('disk_format', 'iso'),
  is('disk_format', 'qcow2'),
  ask('min_ram', '0', (image) => image['min_ram'] === 0),
  ask('min_ram', '1024', (image) => image['min_ram'] === 1024),
  ask('min_disk', '100', (image) => image['min_disk'] === 100),
  is('__os_bit', '32'),
  is('__os_bit', '64'),
  is('__platform', 'CentOS'),
  is('__platform', 'Huawei Cloud EulerOS'),
  is('__os_type', 'Linux'),
  is('__os_type', 'Other'),
  ask('tag', 'app=web', (image) => has(image, 'app=web') || has(image, 'app.web')),
  ask('tag', 'legacy=tag', (image) => has(image, 'legacy.tag')),
  ask('tag', 'test', (image) => has(image, 'test')),
  {
    pairs: [
      ['tag', 'stage=prod'],
      ['tag', 'app=web'],
    ],
    selects: (image) =>
      (has(image, 'app=web') || has(image, 'app.web')) && (has(image, 'stage=prod') || has(image, 'stage.prod')),
  },
  is('__support_kvm', 'true'),
  is('__support_xen', 'true'),
  is('__support_largememory', 'true'),
  is('__support_diskintensive', 'true'),
  is('__support_highperformance', 'true'),
  is('__support_xen_gpu_type', 'M60_vGPU'),
  is('__support_kvm_gpu_type', 'V100'),
  is('__support_xen_hana', 'true'),
  is('__support_kvm_infiniband', 'true'),
  is('virtual_env_type', 'FusionCompute'),
  is('virtual_env_type', 'Ironic'),
  is('virtual_env_type', 'DataImage'),
  is('virtual_env_type', 'IsoImage'),
  is('enterprise_project_id', webProject),
  ask('enterprise_project_id', '0', (image) =>
    [undefined, null, '', '0'].some((v) => v === image['enterprise_project_id']),
  ),
  time('created_at', 'lt:2018-10-28T10:00:00Z', (text) => text < '2018-10-28T10:00:00Z'),
  time('created_at', 'lte:2023-11-08T09:30:00Z', (text) => text <= '2023-11-08T09:30:00Z'),
  time('created_at', 'gt:2023-11-08 09:30:00', (text) => text > '2023-11-08T09:30:00Z'),
  time('created_at', 'gte:2023-11-08T09:30:00Z', (text) => text >= '2023-11-08T09:30:00Z'),
  time('created_at', 'eq:2023-11-08 09:30:00', (text) => text === '2023-11-08T09:30:00Z'),
  time('created_at', 'neq:2023-11-08T09:30:00Z', (text) => text !== '2023-11-08T09:30:00Z'),
  time('created_at', '2023-11-08 09:30:00', (text) => text === '2023-11-08T09:30:00Z'),
  time('updated_at', 'gte:2022-01-01 00:00:00', (text) => text >= '2022-01-01T00:00:00Z'),
  time('updated_at', 'lt:2022-01-01T00:00:00Z', (text) => text < '2022-01-01T00:00:00Z'),
  ask('architecture', 'arm', isArm),
  ask('architecture', 'x86', (image) => !isArm(image)),
  flavor('s6.small.1', 1024, '__support_kvm'),
  flavor('c7.2xlarge.4', 32 * 1024, '__support_kvm'),
  flavor('s1.medium', null, '__support_xen'),
  flavor('kc1.large.2', 4096, '__support_arm'),
  flavor('e3.14xlarge.12', 56 * 12 * 1024, '__support_largememory'),
  flavor('d2.xlarge.8', 32 * 1024, '__support_diskintensive'),
  flavor('h1.large', null, '__support_highperformance'),
  flavor('hl1.8xlarge.8', 256 * 1024, '__support_kvm_infiniband'),
  flavor('p2v.2xlarge.8', 64 * 1024, '__support_kvm_gpu_type', 'P2V_V100'),
  flavor('g5.8xlarge.4', 128 * 1024, '__support_kvm_gpu_type', 'V100_vGPU'),
  flavor('g1.xlarge', null, '__support_xen_gpu_type', 'M60_vGPU'),
  flavor('fp1.2xlarge', null, '__support_kvm_fpga_type', 'VU9P'),
  is('__os_version', 'CentOS 7.9 64bit'),
  is('hw_firmware_type', 'uefi'),
  is('__support_s4l', 'true'),
  ask('__system_support_market', 'true', (image) => image['__system_support_market'] === true),
];

/** Searches that find every visible image of the sample. */
export const exhaustive: readonly Question[] = [
  { pairs: [], selects: () => true },
  is('__isregistered', 'true'),
  is('container_format', 'bare'),
  ask('enterprise_project_id', 'all_granted_eps', () => true),
];

const none = (name: string, value: string): Question => ask(name, value, () => false);

/** Searches that find nothing. */
export const fruitless: readonly Question[] = [
  none('__isregistered', 'false'),
  none('__os_type', 'Windows'),
  none('__platform', 'Windows'),
  none('status', 'killed'),
  none('status', 'deleted'),
  none('__platform', 'centos'),
  none('name', 'CENTOS 7.9 64BIT'),
  none('name', ''),
  none('id', 'no-such-image'),
  none('__support_kvm', 'false'),
  none('tag', 'app'),
  none('__imageType', 'gold'),
  none('constructor', ''),
  none('checksum', 'null'),
  none('limit', '0'),
];
