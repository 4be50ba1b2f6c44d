import { type ConnectionPage, type Edge, edgeToCursor } from '../query/collect.ts';
import { builder } from './builder.ts';
import type { Selection } from './facets.ts';
import { Image } from './image.ts';

// Relay's connection over images, by hand: the plugin's own has all cursors made, and most of them are not asked for.

const ImageEdge = builder.objectRef<Edge>('ImageEdge').implement({
  description: 'An image and its place in the list.',
  fields: (t) => ({
    node: t.field({ type: Image, nullable: false, description: 'The image.', resolve: (edge) => edge.node }),
    cursor: t.string({
      nullable: false,
      description: 'Where the image stands under `orderBy`; opaque.',
      resolve: (edge) => edgeToCursor(edge),
    }),
  }),
});

const PageInfo = builder.objectRef<ConnectionPage>('PageInfo').implement({
  description: 'Where a page stands in its list, as the Relay specification says.',
  // Every subgraph of a larger graph that has connections defines it, and alike.
  directives: { shareable: {} },
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      nullable: false,
      description: 'Reading forward: whether more images follow.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      nullable: false,
      description: 'Reading backward: whether more images come before.',
    }),
    startCursor: t.string({
      nullable: true,
      description:
        'Cursor of the first image of the page, or of where reading backward ended; `before` it is the previous page.',
      resolve: ({ start }) => start && edgeToCursor(start),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'Cursor of the last image of the page, or of where reading ended; `after` it is the next page.',
      resolve: ({ end }) => end && edgeToCursor(end),
    }),
  }),
});

/** A page of images, and what the fields beside it are worked out of. */
export interface ShownPage extends Selection {
  readonly page: ConnectionPage;
}

/** The connection over images; what is known of all that the filter selects is added where it is found out. */
export const ImageConnection = builder.objectRef<ShownPage>('ImageConnection').implement({
  description: 'A page of images, and what is known of all that the filter selects.',
  fields: (t) => ({
    pageInfo: t.field({
      type: PageInfo,
      nullable: false,
      description: 'Where the page stands in the list.',
      resolve: ({ page }) => page,
    }),
    edges: t.field({
      type: [ImageEdge],
      nullable: false,
      description: 'The images of this page, in order.',
      resolve: ({ page }) => page.edges,
    }),
  }),
});
