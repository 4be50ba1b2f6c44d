import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { WireImage } from '../image/source.ts';

const membership = z.object({ member_id: z.string(), status: z.enum(['accepted', 'rejected', 'pending']) }).readonly();

/** A project with which an image is shared, and its answer. */
export type Membership = z.infer<typeof membership>;

/** All that the embedded API knows. */
export interface Catalogue {
  readonly images: readonly WireImage[];
  /** Image id to the projects with which the image is shared; an image object does not tell. */
  readonly members: ReadonlyMap<string, readonly Membership[]>;
  /** Token to the project that it stands for. */
  readonly projects: ReadonlyMap<string, string>;
}

const isImage = (value: unknown): value is WireImage =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';

const catalogueFile = z.object({ images: z.array(z.custom<WireImage>(isImage)) });

const membersFile = z.object({
  default_project_id: z.string(),
  owners: z.record(z.string(), z.string()),
  members: z.record(z.string(), z.array(membership)),
});

const readBeside = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

const readMembers = (): z.infer<typeof membersFile> => membersFile.parse(readBeside('members.json'));

const toProjects = (file: z.infer<typeof membersFile>): ReadonlyMap<string, string> =>
  new Map([
    ['demo', file.default_project_id],
    ...Object.entries(file.owners).map(([name, project]) => [`demo-${name}`, project] as const),
  ]);

/** The demonstration tokens of every catalogue: `demo`, and `demo-<name>` for each owner in members.json. */
export const loadProjects = (): ReadonlyMap<string, string> => toProjects(readMembers());

/** The sample catalogue: catalogue.json and members.json of this folder. */
export function loadSampleCatalogue(): Catalogue {
  const file = readMembers();
  return {
    images: catalogueFile.parse(readBeside('catalogue.json')).images,
    members: new Map(Object.entries(file.members)),
    projects: toProjects(file),
  };
}
