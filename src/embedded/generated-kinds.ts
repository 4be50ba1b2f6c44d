import type { Random } from './random.ts';

/** A kind of generated image: how often it comes, whose it is, and the attributes that make it this kind. */
export interface Kind {
  readonly weight: number;
  readonly owner: 'platform' | 'market' | 'customer';
  readonly attributes: (random: Random) => Readonly<Record<string, unknown>>;
}

const gold = { __imagetype: 'gold', visibility: 'public', protected: true };
const own = { __imagetype: 'private', visibility: 'private', protected: false };
const gpus = ['V100', 'V100_vGPU', 'P2V_V100', 'P100', 'P4', 'M60', 'RTX5000'];
const instances = ['largememory', 'diskintensive', 'highperformance', 'kvm_infiniband', 'xen_hana', 'gpu_t4', 'amd'];
const enterpriseProjects = [
  '0',
  '',
  null,
  '6fa18320-504e-429c-a0c2-38d81eb068fa',
  '9b72d867-10e5-4d1d-9b1b-071099ba790c',
];

/** The kinds of images of a generated catalogue, odd ones included. */
export const kinds: readonly Kind[] = [
  { weight: 20, owner: 'platform', attributes: () => ({ ...gold, __support_kvm: 'true' }) },
  { weight: 4, owner: 'platform', attributes: () => ({ ...gold, __support_xen: 'true', __os_bit: '32' }) },
  {
    weight: 6,
    owner: 'platform',
    attributes: (random) => ({ ...gold, __support_kvm: 'true', [`__support_${random.pick(instances)}`]: 'true' }),
  },
  { weight: 6, owner: 'platform', attributes: () => ({ ...gold, __support_arm: 'true', hw_firmware_type: 'uefi' }) },
  { weight: 4, owner: 'platform', attributes: (random) => ({ ...gold, __support_kvm_gpu_type: random.pick(gpus) }) },
  { weight: 1, owner: 'platform', attributes: () => ({ ...gold, __support_xen_gpu_type: 'M60_vGPU' }) },
  { weight: 3, owner: 'platform', attributes: () => ({ ...gold, virtual_env_type: 'Ironic', __support_s4l: 'true' }) },
  {
    weight: 4,
    owner: 'platform',
    attributes: () => ({ ...gold, __os_type: 'Windows', __platform: 'Windows', __support_kvm: 'true' }),
  },
  { weight: 2, owner: 'platform', attributes: () => ({ ...gold, __isregistered: 'false' }) },
  {
    weight: 8,
    owner: 'market',
    attributes: () => ({ ...gold, __imagetype: 'market', __system_support_market: true, __is_offshelved: 'false' }),
  },
  {
    weight: 18,
    owner: 'customer',
    attributes: (random) => ({ ...own, enterprise_project_id: random.pick(enterpriseProjects) }),
  },
  { weight: 10, owner: 'customer', attributes: () => ({ ...own, __imagetype: 'shared', visibility: 'shared' }) },
  { weight: 2, owner: 'customer', attributes: () => ({ ...own, virtual_env_type: 'DataImage', min_disk: 1 }) },
  { weight: 2, owner: 'customer', attributes: () => ({ ...own, virtual_env_type: 'IsoImage', disk_format: 'iso' }) },
  { weight: 2, owner: 'customer', attributes: () => ({ ...own, __whole_image: 'true', __backup_id: 'backup' }) },
  { weight: 1, owner: 'customer', attributes: () => ({ ...own, __system__cmkid: 'key-1', __system__encrypted: '1' }) },
  {
    weight: 4,
    owner: 'customer',
    attributes: (random) => ({ ...own, status: random.pick(['queued', 'saving', 'killed', 'deleted']) }),
  },
  {
    weight: 3,
    owner: 'customer',
    attributes: (random) => ({
      ...own,
      status: random.pick(['ACTIVE', 'deactivated', 'importing', '']),
      __imagetype: random.pick(['community', 'Gold', '']),
      __os_type: random.pick(['Suse', 'linux', '']),
      __platform: random.pick(['RedHat', 'Suse', 'Plan 9', '']),
      disk_format: random.pick(['vhdx', 'ZVHD2', null]),
      virtual_env_type: random.pick(['KVM', 'CloudCompute', null]),
      tags: random.pick([null, 'a=b', [], ['']]),
    }),
  },
];
