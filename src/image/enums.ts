/** A set of values that the manual lists: GraphQL name to upstream spelling and meaning. */
export interface Enumeration {
  readonly name: string;
  readonly description: string;
  readonly values: Readonly<Record<string, EnumerationValue>>;
  /** The gateway works the value out itself, so that answers show no other. */
  readonly isClosed?: true;
}

interface EnumerationValue {
  readonly wire: string;
  readonly description: string;
}

const value = (wire: string, description: string): EnumerationValue => ({ wire, description });

/** What an output enumeration shows for a value that the manual does not list. */
export const OTHER = 'OTHER';

export const ImageType = {
  name: 'ImageType',
  description: 'Where an image comes from and who may use it: the tabs of the console.',
  values: {
    PUBLIC: value('gold', 'Provided by the cloud, visible to everybody.'),
    PRIVATE: value('private', 'Created by the project itself.'),
    SHARED: value('shared', 'Shared with other projects, or by another project with this one. `owner` tells which.'),
    MARKET: value('market', 'Offered in KooGallery, the marketplace.'),
  },
} as const satisfies Enumeration;

export const ImageVisibility = {
  name: 'ImageVisibility',
  description: 'Whether other tenants see an image.',
  values: {
    PUBLIC: value('public', 'Visible to every tenant.'),
    PRIVATE: value('private', 'Visible to its owner. Does not include private images that have been shared.'),
    SHARED: value('shared', 'Visible to its owner and to the projects it is shared with.'),
  },
} as const satisfies Enumeration;

export const ImageStatus = {
  name: 'ImageStatus',
  description: 'Where an image is in its life cycle.',
  values: {
    QUEUED: value('queued', 'The metadata exists; the image file has not been uploaded yet.'),
    SAVING: value('saving', 'The image file is being uploaded.'),
    ACTIVE: value('active', 'Ready for use.'),
    KILLED: value('killed', 'The upload failed.'),
    DELETED: value('deleted', 'Deleted.'),
  },
} as const satisfies Enumeration;

export const ContainerFormat = {
  name: 'ImageContainerFormat',
  description: 'Container type of an image.',
  values: { BARE: value('bare', 'No container: the file is the disk.') },
} as const satisfies Enumeration;

export const DiskFormat = {
  name: 'ImageDiskFormat',
  description: 'File format of an image.',
  values: {
    ZVHD2: value('zvhd2', 'ZVHD2, the default for images other than ISO.'),
    VHD: value('vhd', 'VHD.'),
    ZVHD: value('zvhd', 'ZVHD.'),
    RAW: value('raw', 'Raw disk.'),
    ISO: value('iso', 'ISO 9660 installation medium.'),
    QCOW2: value('qcow2', 'QCOW2.'),
  },
} as const satisfies Enumeration;

export const OsBit = {
  name: 'ImageOsBit',
  description: 'Word size of an operating system.',
  values: { BIT_32: value('32', '32-bit.'), BIT_64: value('64', '64-bit.') },
} as const satisfies Enumeration;

export const OsType = {
  name: 'ImageOsType',
  description: 'Operating system family.',
  values: {
    LINUX: value('Linux', 'Linux.'),
    WINDOWS: value('Windows', 'Windows. International sites no longer list Windows images.'),
    OTHER: value('Other', 'Neither Linux nor Windows.'),
  },
} as const satisfies Enumeration;

export const ImageEnvironment = {
  name: 'ImageEnvironment',
  description: 'What an image is used for.',
  values: {
    ECS: value('FusionCompute', 'System disk of an Elastic Cloud Server.'),
    BARE_METAL: value('Ironic', 'System disk of a Bare Metal Server.'),
    DATA_DISK: value('DataImage', 'Data disk.'),
    ISO: value('IsoImage', 'Installation medium.'),
  },
} as const satisfies Enumeration;

export const MemberStatus = {
  name: 'ImageMemberStatus',
  description: 'What a project has done with an image that another project shared with it.',
  values: {
    ACCEPTED: value('accepted', 'Accepted: the image is listed with the project’s own.'),
    REJECTED: value('rejected', 'Rejected.'),
    PENDING: value('pending', 'Waiting to be accepted or rejected.'),
  },
} as const satisfies Enumeration;

export const Architecture = {
  name: 'ImageArchitecture',
  description: 'Processor architecture.',
  values: { X86: value('x86', 'x86.'), ARM: value('arm', 'Arm.') },
  isClosed: true,
} as const satisfies Enumeration;

export const Firmware = {
  name: 'ImageFirmware',
  description: 'Boot mode of a server.',
  values: { BIOS: value('bios', 'BIOS.'), UEFI: value('uefi', 'UEFI.') },
} as const satisfies Enumeration;

/** The first word of `__data_origin`. */
export const OriginKind = {
  name: 'ImageOriginKind',
  description: 'The kind of thing that the data of an image came from.',
  values: {
    SERVER: value('instance', 'The system disk of a server; `id` is the server.'),
    VOLUME: value('volume', 'A disk; `id` is the EVS volume.'),
    FILE: value('file', 'An uploaded file; `id` is `bucket:object`.'),
    IMAGE: value('image', 'A copy of another image; `id` is that image, in `region`.'),
    SERVER_BACKUP: value('server_backup', 'A whole-server backup; `id` is the backup or its vault.'),
  },
} as const satisfies Enumeration;

/** Gives upstream values their GraphQL names; `OTHER` to one that the manual does not list. */
export function namesOf(enumeration: Enumeration): (wire: string) => string {
  const names = new Map(Object.entries(enumeration.values).map(([name, { wire }]) => [wire, name]));
  return (wire) => names.get(wire) ?? OTHER;
}

/** The upstream spelling of one of an enumeration's own names. */
export function nameToWire(enumeration: Enumeration, name: string): string {
  const known = enumeration.values[name];
  if (known === undefined) throw new TypeError(`${enumeration.name} has no value ${name}`);
  return known.wire;
}

/** All upstream spellings of an enumeration. */
export const wiresOf = (enumeration: Enumeration): string[] => Object.values(enumeration.values).map((v) => v.wire);
