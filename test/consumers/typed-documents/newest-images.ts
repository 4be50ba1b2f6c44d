import { graphql, readFragment } from './__generated__/index.ts';
import type { NewestImagesQuery, NewestImagesQueryVariables, TypedDocumentString } from './__generated__/graphql.ts';

const summary = graphql(`
  fragment Summary on Image {
    id
    name
    createdAt
    storage {
      sizeBytes
    }
  }
`);

/** A query whose variables and answer the compiler knows. */
export const newestImages: TypedDocumentString<NewestImagesQuery, NewestImagesQueryVariables> = graphql(`
  query NewestImages($filter: ImageFilter, $after: String) {
    images(first: 2, after: $after, filter: $filter) {
      edges {
        node {
          ...Summary
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** What a list shows of the images in an answer. */
export const summariesOf = ({ images }: NewestImagesQuery) =>
  images.edges.map(({ node }) => readFragment(summary, node));
