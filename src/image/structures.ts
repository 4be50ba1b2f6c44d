import { OriginKind, wireToName } from './enums.ts';
import { type Kind, MalformedValue } from './field.ts';
import { isRecord, parseJson } from './json.ts';

/** A tag; `value` is null for one that has only a key. */
export interface Tag {
  readonly key: string;
  readonly value?: string | null;
}

/**
 * Splits a stored tag at its first `=`, or, in the form from before the tag service's upgrade, at its first `.`
 * (manual: `tag`).
 */
function textToTag(text: string): Tag {
  const separator = text.includes('=') ? '=' : '.';
  const at = text.indexOf(separator);
  return at < 0 ? { key: text, value: null } : { key: text.slice(0, at), value: text.slice(at + 1) };
}

/** The tag as the manual's `tag` parameter wants it. */
const tagToText = ({ key, value }: Tag): string => (value == null ? key : `${key}=${value}`);

const isTextList = (wire: unknown): wire is readonly string[] =>
  Array.isArray(wire) && wire.every((tag) => typeof tag === 'string');

/** Tags of an image. Asked for one at a time: whether upstream combines several is not documented. */
export const tags: Kind<readonly Tag[], Tag> = {
  output: 'ImageTag',
  list: true,
  whenAbsent: [],
  decode: (wire) => {
    if (!isTextList(wire)) throw new MalformedValue('a list of texts', wire);
    return wire.map(textToTag);
  },
  ask: {
    input: 'ImageTagInput',
    list: true,
    expected: 'a key of 1 to 128 characters without "=", and a value of up to 128 characters',
    accepts: ({ key, value }) =>
      /^[^=\p{Cc}\p{Cs}]{1,128}$/u.test(key) && /^[^\p{Cc}\p{Cs}]{0,128}$/u.test(value ?? ''),
    encode: tagToText,
  },
};

/** The features that answers were seen to carry, GraphQL name to upstream's key. */
export const osFeatures = {
  passwordReset: { key: 'onekey_resetpasswd', description: 'The password can be reset from the console.' },
  hostnameInjection: { key: 'hostname_inject', description: 'The host name can be set at creation.' },
  sshKey: { key: 'ssh_key', description: 'An SSH key can be injected.' },
  userData: { key: 'user_data', description: 'User data is run at first boot.' },
  nicHotplug: { key: 'nic_hotplug', description: 'Network interfaces can be attached while the server runs.' },
  diskHotplug: { key: 'disk_hotplug', description: 'Disks can be attached while the server runs.' },
} as const;

export type OsFeatures = Readonly<Record<string, unknown>>;

/** Advanced features. The manual says a list; it is an object of text booleans, sent as JSON text. */
export const features: Kind<OsFeatures> = {
  output: 'ImageOsFeatures',
  list: false,
  whenAbsent: null,
  decode: (wire) => {
    const value = typeof wire === 'string' ? parseJson(wire) : wire;
    if (!isRecord(value) || Array.isArray(value)) throw new MalformedValue('a JSON object of features', wire);
    return value;
  },
  ask: null,
};

/** Where the data of an image came from. */
export interface DataOrigin {
  readonly kind: string;
  readonly region: string | null;
  readonly id: string | null;
  readonly raw: string;
}

/** `kind,id`, or `image,region,id` for copies. */
export const dataOrigin: Kind<DataOrigin> = {
  output: 'ImageDataOrigin',
  list: false,
  whenAbsent: null,
  decode: (wire) => {
    if (typeof wire !== 'string') throw new MalformedValue('text', wire);
    const [word = '', ...rest] = wire.split(',');
    const kind = wireToName(OriginKind, word);
    const [region, id] = kind === 'IMAGE' && rest.length > 1 ? [rest[0], rest.slice(1).join()] : [null, rest.join()];
    return { kind, region: region ?? null, id: id || null, raw: wire };
  },
  ask: null,
};
