import { askBoolean } from './ask.ts';
import { namesOf, OriginKind } from './enums.ts';
import { type Ask, type ImageTest, type Kind, MalformedValue } from './field.ts';
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
export const tagToText = ({ key, value }: Tag): string => (value == null ? key : `${key}=${value}`);

const isTextList = (wire: unknown): wire is readonly string[] =>
  Array.isArray(wire) && wire.every((tag) => typeof tag === 'string');

/** The texts that stand for a tag in an image: `key=value` is also stored as `key.value` (manual: `tag`). */
const spellingsOf = (tag: Tag): string[] => {
  const text = tagToText(tag);
  return [text, text.replace('=', '.')];
};

const askTags = (quantifier: 'any' | 'all'): Ask<Tag> => ({
  input: 'ImageTagInput',
  list: true,
  note: quantifier === 'any' ? 'One or several, any of which will do.' : 'All of them.',
  expected: 'a key of 1 to 128 characters without "=", and a value of up to 128 characters',
  accepts: ({ key, value }) => /^[^=\p{Cc}\p{Cs}]{1,128}$/u.test(key) && /^[^\p{Cc}\p{Cs}]{0,128}$/u.test(value ?? ''),
  encode: (values) => {
    const [first, ...others] = new Set(values.map(tagToText));
    if (first === undefined || (quantifier === 'any' && others.length > 0)) return null;
    return { value: first, isWhole: others.length === 0 };
  },
  test: (values, wire) => {
    const wanted = values.map(spellingsOf);
    return (image) => {
      const stored = image[wire];
      if (!isTextList(stored)) return false;
      const isThere = (spellings: readonly string[]) => spellings.some((text) => stored.includes(text));
      return quantifier === 'any' ? wanted.some(isThere) : wanted.every(isThere);
    };
  },
});

/** Tags of an image. Upstream is asked for one: whether it combines several is not documented. */
export const tags: Kind<readonly Tag[], Tag> = {
  output: 'ImageTag',
  list: true,
  whenAbsent: [],
  decode: (wire) => {
    if (!isTextList(wire)) throw new MalformedValue('a list of texts', wire);
    return wire.map(textToTag);
  },
  ask: askTags('any'),
  more: { All: askTags('all') },
};

/** Keys of tags, whatever their values. */
export const askTagKeys: Ask<string> = {
  input: 'String',
  list: true,
  note: 'One or several, any of which will do.',
  expected: 'a key of 1 to 128 characters without "="',
  accepts: (key) => /^[^=\p{Cc}\p{Cs}]{1,128}$/u.test(key),
  encode: () => null,
  test: (keys, wire) => {
    const wanted = new Set(keys);
    return (image) => {
      const stored = image[wire];
      return isTextList(stored) && stored.some((text) => wanted.has(textToTag(text).key));
    };
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

const readFeatures = (wire: unknown): OsFeatures | null => {
  const value = typeof wire === 'string' ? parseJson(wire) : wire;
  return isRecord(value) && !Array.isArray(value) ? value : null;
};

type FeatureName = keyof typeof osFeatures;
type FeatureComparison = { readonly [Name in FeatureName]?: boolean | null };

const featureNames: readonly FeatureName[] = Object.keys(osFeatures).filter((name): name is FeatureName =>
  Object.hasOwn(osFeatures, name),
);

const askFeatures: Ask<FeatureComparison> = {
  input: 'ImageOsFeaturesFilter',
  list: false,
  note: '',
  expected: `at least one of ${featureNames.join(', ')}`,
  accepts: (comparison) => featureNames.some((name) => comparison[name] != null),
  encode: () => null,
  test: ([comparison = {}], wire) => {
    const tests = featureNames.flatMap((name): ImageTest[] => {
      const wanted = comparison[name];
      // A feature is a flag of the object of features as a flag is of an image.
      return wanted == null ? [] : [(image) => askBoolean.test([wanted], osFeatures[name].key)(image)];
    });
    return (image) => {
      const features = readFeatures(image[wire]) ?? {};
      return tests.every((test) => test({ ...features, id: image.id }));
    };
  },
};

/** Advanced features. The manual says a list; it is an object of text booleans, sent as JSON text. */
export const features: Kind<OsFeatures, FeatureComparison> = {
  output: 'ImageOsFeatures',
  list: false,
  whenAbsent: null,
  decode: (wire) => {
    const value = readFeatures(wire);
    if (value === null) throw new MalformedValue('a JSON object of features', wire);
    return value;
  },
  ask: askFeatures,
};

/** Where the data of an image came from. */
export interface DataOrigin {
  readonly kind: string;
  readonly region: string | null;
  readonly id: string | null;
  readonly raw: string;
}

const originKindOf = namesOf(OriginKind);

/** `kind,id`, or `image,region,id` for copies. */
export const dataOrigin: Kind<DataOrigin> = {
  output: 'ImageDataOrigin',
  list: false,
  whenAbsent: null,
  decode: (wire) => {
    if (typeof wire !== 'string') throw new MalformedValue('text', wire);
    const [word = '', ...rest] = wire.split(',');
    const kind = originKindOf(word);
    const [region, id] = kind === 'IMAGE' && rest.length > 1 ? [rest[0], rest.slice(1).join()] : [null, rest.join()];
    return { kind, region: region ?? null, id: id || null, raw: wire };
  },
  ask: null,
};
