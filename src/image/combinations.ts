/** Query parameters that the manual forbids together: the first with any of the others. */
export const exclusions: readonly (readonly [parameter: string, others: readonly string[]])[] = [
  ['__support_xen_gpu_type', ['__support_xen', '__support_kvm']],
  ['__support_kvm_gpu_type', ['__support_xen', '__support_kvm']],
  ['__support_xen_hana', ['__support_xen', '__support_kvm']],
  ['__support_kvm_infiniband', ['__support_xen']],
];

/** Query parameters that the manual allows only beside another one with one value. */
export const requirements: readonly (readonly [parameter: string, other: string, value: string])[] = [
  ['member_status', 'visibility', 'shared'],
];
