import type { Catalogue } from './catalogue.ts';
import { RefusedError } from './errors.ts';

/** The project of every demonstration account, by name; each account has one of its own. */
export const PROJECT_NAME = 'embedded-1';

/** A name without rights: its project may not do `ims:images:list`. Valid beside every catalogue's own names. */
const forbiddenName = 'demo-forbidden';

/** Whoever may ask, by name. The name is their token, their IAM user, that user's account, and their access key. */
export interface Accounts {
  isKnown(name: string): boolean;
  projectIdOf(name: string): string;
  /** The project whose images somebody lists. Throws the refusal of IMS for one who may not list any. */
  listingProjectOf(name: string): string;
}

/** The password of a name's IAM user. */
export const nameToPassword = (name: string): string => `${name}-password`;

/** The secret of a name's access key. */
export const nameToSecretKey = (name: string): string => `${name}-secret`;

export function createAccounts({ projects }: Catalogue): Accounts {
  // The project of the forbidden name owns nothing, so that its name does for its id.
  const projectIdOf = (name: string) => projects.get(name) ?? name;
  return {
    isKnown: (name) => name === forbiddenName || projects.has(name),
    projectIdOf,
    listingProjectOf(name) {
      if (name === forbiddenName) throw new RefusedError('IMG.0026', 'the project is not granted ims:images:list');
      return projectIdOf(name);
    },
  };
}
