import type { Catalogue } from './catalogue.ts';
import type { ImageTest } from './criterion.ts';
import { RefusedError, refusedParameter } from './errors.ts';
import type { ListRequest } from './parameters.ts';
import { createSortedIndex, type Page } from './sorted-index.ts';
import { createView, isGone } from './view.ts';

/** Answers a list query for a project. Throws a `RefusedError` for a marker that the project cannot start from. */
export type ImageList = (request: ListRequest, project: string) => Page;

/** The list over a catalogue. The marker need not satisfy the query, so that paging survives an image that changes. */
export function createImageList(catalogue: Catalogue): ImageList {
  const index = createSortedIndex(catalogue.images);

  return ({ window, id, memberStatus, matches }, project) => {
    const view = createView(catalogue, project);
    if (window.marker !== null) {
      const marker = index.find(window.marker);
      if (marker === undefined || isGone(marker)) {
        throw refusedParameter('marker', 'the id of an image', window.marker, 'IMG.0144');
      }
      if (!view.mayRead(marker)) throw new RefusedError('IMG.0026', 'parameter "marker": an image of another project');
    }
    const isListed: ImageTest = (image) => matches(image) && view.lists(image, memberStatus);
    return id === null ? index.page(window, isListed) : index.pageOfOne(id, window, isListed);
  };
}
