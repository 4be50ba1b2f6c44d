import type { WireImage } from '../image/source.ts';
import type { Catalogue } from './catalogue.ts';
import type { ImageTest } from './criterion.ts';

/** What one project may see of a catalogue. */
export interface View {
  /** Whether a list shows the image: by default what the project can use, else what is shared with it in this status. */
  lists(image: WireImage, memberStatus: string | null): boolean;
  /** Whether the project may refer to the image at all, listed or not. */
  mayRead: ImageTest;
}

/** A deleted or failed image, which Glance does not find any more. */
export const isGone: ImageTest = ({ status }) => status === 'deleted' || status === 'killed';

/** Whether a list shows the image to anybody: IMS hides Windows and unregistered images from common users. */
const isListable: ImageTest = (image) =>
  !isGone(image) &&
  image['__os_type'] !== 'Windows' &&
  image['__platform'] !== 'Windows' &&
  image['__isregistered'] === 'true';

/** The view of a project. Sharing counts only while the image's visibility is `shared`. */
export function createView(catalogue: Catalogue, project: string): View {
  const membershipOf = (image: WireImage): string | undefined =>
    image['visibility'] === 'shared'
      ? catalogue.members.get(image.id)?.find((membership) => membership.member_id === project)?.status
      : undefined;
  const isOpen: ImageTest = ({ visibility, owner }) => visibility === 'public' || owner === project;

  return {
    lists: (image, memberStatus) =>
      isListable(image) &&
      (memberStatus === null
        ? isOpen(image) || membershipOf(image) === 'accepted'
        : membershipOf(image) === memberStatus),
    mayRead: (image) => isOpen(image) || membershipOf(image) !== undefined,
  };
}
