// biome-ignore-all format: one attribute a line
import { askAnyOf, askArchitecture, askSole } from './ask.ts';
import * as enums from './enums.ts';
import { type Criterion, filterable, searchable, shown } from './field.ts';
import {
  askSoleId,
  bound,
  bytes,
  enterpriseProject,
  flag,
  identifier,
  imageName,
  integer,
  integerWithin,
  invertedFlag,
  oneOf,
  readInt32,
  searchText,
  support,
  text,
  timestamp,
  words,
} from './kinds.ts';
import { askFit } from './range.ts';
import { askTagKeys, dataOrigin, features, tags } from './structures.ts';

// Every response attribute and every search criterion of the manual, one line each; a group is one GraphQL type.

export const imageFields = {
  owner: filterable('owner', identifier, 'Project (tenant) that the image belongs to.'),
  id: filterable('id', identifier, 'The IMS image id, as every other cloud API spells it.'),
  status: filterable('status', oneOf(enums.ImageStatus), 'Where the image is in its life cycle.'),
  tags: filterable('tags', tags, 'Tags that the owner gave the image.', { parameter: 'tag' }),
  visibility: filterable('visibility', oneOf(enums.ImageVisibility), 'Whether other tenants see the image.'),
  name: filterable('name', imageName, 'Name of the image. Names are not unique.', { note: 'Exactly this name; upper and lower case as upstream compares them. See `nameMatches`.' }),
  protected: filterable('protected', flag, 'Whether the image is protected from deletion.'),
  updatedAt: filterable('updated_at', timestamp, 'When the image was last changed.'),
  description: searchable('__description', searchText, 'Remarks of the owner.'),
  registered: filterable('__isregistered', flag, 'Whether the image is available. Ordinary users see available images only.'),
  environment: filterable('virtual_env_type', oneOf(enums.ImageEnvironment), 'What the image is used for.'),
  type: filterable('__imagetype', oneOf(enums.ImageType), 'Public, private, shared or from the marketplace.'),
  createdAt: filterable('created_at', timestamp, 'When the image was created.'),
  activeAt: searchable('active_at', timestamp, 'When the image became active.'),
  enterpriseProjectId: filterable('enterprise_project_id', enterpriseProject, 'Enterprise project of the image; `0` is the default one.', { note: '`all_granted_eps` stands for all that the caller may see.' }),
  agents: searchable('__support_agent_list', words, 'Agents installed in the image: `hss` (server security), `ces` (server monitoring).'),
  fullEcs: filterable('__whole_image', flag, 'Whether the image holds a whole server: its system disk and data disks.'),
};

export const osFields = {
  bit: filterable('__os_bit', oneOf(enums.OsBit), 'Word size of the operating system.'),
  version: searchable('__os_version', searchText, 'Release, as free text, such as `CentOS 7.3 64bit`.'),
  platform: filterable('__platform', searchText, 'Distribution, as upstream spells it: `Ubuntu`, `CentOS`, `Debian`, `Red Hat`, `SUSE`, `OpenSUSE`, `Oracle Linux`, `Fedora`, `CoreOS`, `EulerOS`, `Huawei Cloud EulerOS`, `Other`; others occur, also `RedHat`.', { note: 'Exactly these spellings.' }),
  type: filterable('__os_type', oneOf(enums.OsType), 'Operating system family.'),
  features: searchable('__os_feature_list', features, 'What the operating system is prepared for.'),
};

export const requirementFields = {
  minRamMiB: filterable('min_ram', integer, 'Least memory that the image runs with, in MiB.', { note: 'Exactly this size.' }),
  maxRamMiB: shown('max_ram', bound, 'Most memory that the image can use, in MiB; null means no limit.'),
  minDiskGiB: filterable('min_disk', integerWithin(1, 1024), 'Least disk that the image fits on, in GiB.', { note: 'Exactly this size.' }),
};

export const storageFields = {
  reportedSizeBytes: shown('size', bytes, 'Unavailable currently, says the manual: 0, 2 or null. See `sizeBytes`.'),
  checksum: shown('checksum', text, 'Unavailable currently, says the manual.'),
  containerFormat: filterable('container_format', oneOf(enums.ContainerFormat), 'Container type.'),
  diskFormat: filterable('disk_format', oneOf(enums.DiskFormat), 'File format of the image.'),
  backend: shown('__image_source_type', text, 'Storage behind the image. Only `uds` is supported currently.'),
  virtualSizeBytes: shown('virtual_size', bytes, 'Unavailable currently, says the manual. See `sizeBytes`.'),
  sizeBytes: searchable('__image_size', bytes, 'Size of the image file, in bytes; 0 until it is uploaded.'),
  lazyLoading: searchable('__lazyloading', flag, 'Whether a disk can be used before it is loaded completely.'),
  encryptionKeyId: filterable('__system__cmkid', identifier, 'Key that the image is encrypted with.'),
};

export const supportFields = {
  kvm: filterable('__support_kvm', support, 'Boots on KVM servers.'),
  xen: filterable('__support_xen', support, 'Boots on Xen servers.'),
  largeMemory: filterable('__support_largememory', support, 'Boots on large-memory servers.'),
  diskIntensive: filterable('__support_diskintensive', support, 'Boots on disk-intensive servers.'),
  highPerformance: filterable('__support_highperformance', support, 'Boots on high-performance servers.'),
  xenGpuType: filterable('__support_xen_gpu_type', searchText, 'GPU of the Xen servers that the image is made for, such as `M60_vGPU`.'),
  kvmGpuType: filterable('__support_kvm_gpu_type', searchText, 'GPU of the KVM servers that the image is made for, such as `V100`.'),
  xenHana: filterable('__support_xen_hana', support, 'Boots on HANA servers on Xen.'),
  kvmInfiniband: filterable('__support_kvm_infiniband', support, 'Boots on KVM servers with InfiniBand.'),
  cloudInitInjection: searchable('__support_fc_inject', invertedFlag, 'Whether Cloud-Init can inject a password or private key. Upstream says the opposite: `true` for no. For system disks of servers only.'),
  nicMultiqueue: searchable('hw_vif_multiqueue_enabled', flag, 'Network interfaces with several queues.'),
  arm: searchable('__support_arm', support, 'Made for Arm processors. See `os.architecture`.'),
  amd: searchable('__support_amd', flag, 'Made for x86 processors of AMD.'),
  srIov: searchable('__support_kvm_hi1822_hisriov', support, 'SR-IOV on Hi1822 network cards.'),
  virtioNet: searchable('__support_kvm_hi1822_hivirtionet', support, 'Virtio-net on Hi1822 network cards.'),
};

export const bootFields = {
  diskSlot: shown('__sequence_num', integer, 'Slot of the system disk of a server made from the image.'),
  firmware: searchable('hw_firmware_type', oneOf(enums.Firmware), 'Boot mode.'),
  shutdownTimeoutSeconds: shown('os_shutdown_timeout', integer, 'How long a graceful shutdown may take before it is forced, 60 to 300; upstream takes 60 where there is none.'),
};

export const originFields = {
  parentImageId: searchable('__originalimagename', identifier, 'The image that this one was made from.'),
  backupId: searchable('__backup_id', identifier, 'The backup that the image was made from.'),
  data: shown('__data_origin', dataOrigin, 'Where the data came from; null for public images.'),
  root: shown('__root_origin', text, '`file` for an image made from an uploaded file.'),
};

export const marketFields = {
  productCode: searchable('__productcode', text, 'Product in KooGallery.'),
  displayName: searchable('__image_displayname', searchText, 'Name in KooGallery.'),
  publishable: searchable('__system_support_market', flag, 'Whether the image can be published in KooGallery.'),
  offShelf: searchable('__is_offshelved', flag, 'Whether the image has been taken offline in KooGallery.'),
  chargingCode: shown('__account_code', text, 'What the use of the image is charged by.'),
};

export const linkFields = {
  file: shown('file', text, 'Path of the image file, for upload and download.'),
  self: shown('self', text, 'Path of the image in the image API.'),
  schema: shown('schema', text, 'Path of the schema that describes the image.'),
};

/** Criteria that no single attribute answers to. */
export const imageCriteria: Readonly<Record<string, Criterion>> = {
  flavorId: {
    parameter: 'flavor_id',
    wire: null,
    ask: askSoleId,
    description:
      'Public images that a server of this ECS flavor can run. Not for bare metal: search `properties` for its board type instead. ' +
      'Only upstream can tell, so not within `or` or `not`.',
  },
  memberStatus: {
    parameter: 'member_status',
    wire: null,
    ask: askSole(enums.MemberStatus),
    description:
      'Images that other projects shared with this one, by what this one has done with them. Only with `visibility: SHARED`. ' +
      'Only upstream can tell: one value, and not within `or` or `not`.',
  },
  tagKeys: {
    parameter: null,
    wire: imageFields.tags.wire,
    ask: askTagKeys,
    description: 'Keys of tags, whatever their values.',
  },
  fits: {
    parameter: null,
    wire: requirementFields.minDiskGiB.wire,
    ask: askFit(
      {
        minDisk: requirementFields.minDiskGiB.wire,
        minRam: requirementFields.minRamMiB.wire,
        maxRam: requirementFields.maxRamMiB.wire,
      },
      readInt32,
    ),
    description: 'What a disk and a memory of these sizes would run.',
  },
};

export const osCriteria: Readonly<Record<string, Criterion>> = {
  architecture: {
    parameter: 'architecture',
    wire: supportFields.arm.wire,
    ask: askArchitecture,
    description: 'Processor architecture: Arm where the image says so, otherwise x86.',
  },
};

export const supportCriteria: Readonly<Record<string, Criterion>> = {
  gpu: {
    parameter: null,
    wire: supportFields.kvmGpuType.wire,
    ask: askAnyOf([supportFields.xenGpuType.wire, supportFields.kvmGpuType.wire]),
    description: 'Made for GPU servers, on Xen or on KVM: has one of the two GPU types.',
  },
};
