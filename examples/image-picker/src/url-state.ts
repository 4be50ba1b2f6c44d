import { useEffect, useState } from 'react';
import type { ImageFilter, ImageArchitectureInput, ImageTypeInput } from './__generated__/graphql.ts';

/** What the page shows, as the URL says it: so that it can be shared, bookmarked and gone back to. */
export interface UrlState {
  readonly type: ImageTypeInput;
  readonly platform: string;
  readonly version: string;
  readonly architecture: ImageArchitectureInput | '';
  readonly flavor: string;
  /** Part of the name. */
  readonly search: string;
  /** The id of the chosen image. */
  readonly image: string;
  /** The cursor behind which the list starts, near the chosen image; empty for its beginning. */
  readonly at: string;
}

export const imageTypes: readonly ImageTypeInput[] = ['PUBLIC', 'PRIVATE', 'SHARED', 'MARKET'];

const usual: UrlState = {
  type: 'PUBLIC',
  platform: '',
  version: '',
  architecture: '',
  flavor: '',
  search: '',
  image: '',
  at: '',
};

const usualOf = new Map<string, string>(Object.entries(usual));

function read(): UrlState {
  const given = new URLSearchParams(location.search);
  const architecture = given.get('architecture');
  return {
    ...usual,
    ...Object.fromEntries([...given].filter(([name]) => name in usual)),
    type: imageTypes.find((type) => type === given.get('type')) ?? usual.type,
    architecture: architecture === 'X86' || architecture === 'ARM' ? architecture : '',
  };
}

function write(state: UrlState): string {
  const pairs = Object.entries(state).filter(([name, value]) => value !== usualOf.get(name));
  const search = new URLSearchParams(pairs).toString();
  return search === '' ? location.pathname : `?${search}`;
}

/** The state, and a way to change it: `push` for what a person would go back from, `replace` for the rest. */
export function useUrlState() {
  const [state, setState] = useState(read);
  useEffect(() => {
    const follow = () => setState(read());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const change = (part: Partial<UrlState>, how: 'push' | 'replace' = 'push') => {
    const next = { ...read(), ...part };
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', write(next));
    setState(next);
  };
  return [state, change] as const;
}

/** The question that a state asks the gateway. */
export function toFilter({ type, platform, version, architecture, flavor, search }: UrlState): ImageFilter {
  const os = {
    ...(platform === '' ? {} : { platform: [platform] }),
    ...(version === '' ? {} : { version: [version] }),
    ...(architecture === '' ? {} : { architecture: [architecture] }),
  };
  return {
    type: [type],
    status: ['ACTIVE'],
    ...(Object.keys(os).length === 0 ? {} : { os }),
    ...(flavor === '' ? {} : { flavorId: flavor }),
    ...(search === '' ? {} : { nameMatches: { contains: [search] } }),
  };
}
