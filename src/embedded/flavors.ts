import type { Criterion, ImageTest } from './criterion.ts';
import { refusedParameter } from './errors.ts';

/** Attributes that an image must have, with these values, for a family of flavors to run it. */
type Requirement = Readonly<Record<string, string>>;

const kvm: Requirement = { __support_kvm: 'true' };
const xen: Requirement = { __support_xen: 'true' };
const arm: Requirement = { __support_arm: 'true' };

/** ECS flavor families (the part before the first dot) by what they need of an image. */
const families: readonly (readonly [names: string, needs: Requirement])[] = [
  ['s1 c1 c2 m1', xen],
  ['s2 s3 s6 s7 sn3 t6 x1', kvm],
  ['c3 c3ne c6 c6s c6h c7 c7n m2 m3 m3ne m6 m7', kvm],
  ['ac7 am7', { ...kvm, __support_amd: 'true' }],
  ['kc1 km1 kc2 km2 ki1', arm],
  ['e1 e2 e3 e6 e7 et2', { __support_largememory: 'true' }],
  ['eh1', { __support_xen_hana: 'true' }],
  ['d1 d2 d3 d6', { __support_diskintensive: 'true' }],
  ['i3 ir3', { __support_nvme_highio: 'true' }],
  ['h1 h3 hc2', { __support_highperformance: 'true' }],
  ['h2 hl1', { __support_kvm_infiniband: 'true' }],
  ['g1 g2', { __support_xen_gpu_type: 'M60_vGPU' }],
  ['g3', { __support_kvm_gpu_type: 'M60' }],
  ['g5', { __support_kvm_gpu_type: 'V100_vGPU' }],
  ['g6 pi2', { __support_gpu_t4: 'true' }],
  ['p1', { __support_kvm_gpu_type: 'P100' }],
  ['p2 p2s', { __support_kvm_gpu_type: 'V100' }],
  ['p2v', { __support_kvm_gpu_type: 'P2V_V100' }],
  ['pi1', { __support_kvm_gpu_type: 'P4' }],
  ['fp1', { __support_kvm_fpga_type: 'VU9P' }],
  ['fp1c', { __support_kvm_fpga_type: 'VU9P_COMMON' }],
  ['ai1', { __support_kvm_ascend_310: 'true' }],
];

const needsOf = new Map(families.flatMap(([names, needs]) => names.split(' ').map((name) => [name, needs] as const)));

const shape = /^(?<family>[a-z0-9]+)\.(?<size>small|medium|large|(?<multiple>\d{1,2})?xlarge)(?:\.(?<ratio>\d{1,2}))?$/;
const smallSizes = new Map([
  ['small', 1],
  ['medium', 1],
  ['large', 2],
]);

/** Whether a server of so much memory meets the image's `min_ram` and `max_ram`; 0 or nothing means no limit. */
function fitsMemory(memoryMiB: number): ImageTest {
  return ({ min_ram, max_ram }) => {
    const least = typeof min_ram === 'number' ? min_ram : 0;
    const most = typeof max_ram === 'string' && /^\d+$/.test(max_ram) ? Number(max_ram) : 0;
    return least <= memoryMiB && (most === 0 || memoryMiB <= most);
  };
}

/**
 * The public ECS images that the flavor can run. A flavor reads `family.size[.ratio]`, where the ratio is GiB per vCPU;
 * without it nothing is known of the memory. Bare metal flavors and unknown ones are refused, as the manual says.
 */
export const runsOnFlavor: Criterion = (value, name) => {
  const { family = '', size = '', multiple = '1', ratio } = shape.exec(value)?.groups ?? {};
  const needs = needsOf.get(family);
  if (needs === undefined) throw refusedParameter(name, 'one ECS flavor such as s6.large.2', value, 'IMG.0192');

  const required = Object.entries(needs);
  const vcpus = smallSizes.get(size) ?? 4 * Number(multiple);
  const fits = ratio === undefined ? () => true : fitsMemory(vcpus * Number(ratio) * 1024);
  return (image) =>
    image['__imagetype'] === 'gold' &&
    image['virtual_env_type'] === 'FusionCompute' &&
    (image['__support_arm'] === 'true') === (needs === arm) &&
    required.every(([attribute, wanted]) => image[attribute] === wanted) &&
    fits(image);
};
