import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay';
import type { imageList_query$key } from './__generated__/imageList_query.graphql.ts';
import type { imageListPageQuery } from './__generated__/imageListPageQuery.graphql.ts';
import type { ImageFilter, imageListQuery } from './__generated__/imageListQuery.graphql.ts';
import { ImageRow } from './image-row.tsx';

/** Images that match a filter, the newest first, with more at the end when asked. */
export function ImageList({ filter }: { readonly filter: ImageFilter }) {
  const query = useLazyLoadQuery<imageListQuery>(
    graphql`
      query imageListQuery($filter: ImageFilter, $first: Int) {
        ...imageList_query @arguments(filter: $filter, first: $first)
      }
    `,
    { filter },
  );
  return <Images query={query} />;
}

function Images({ query }: { readonly query: imageList_query$key }) {
  const { data, loadNext, hasNext, refetch } = usePaginationFragment<imageListPageQuery, imageList_query$key>(
    graphql`
      fragment imageList_query on Query
      @refetchable(queryName: "imageListPageQuery")
      @argumentDefinitions(
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
        filter: { type: "ImageFilter", defaultValue: { type: PUBLIC } }
        orderBy: { type: "[ImageOrder!]", defaultValue: { field: CREATED_AT, direction: DESC } }
      ) {
        images(first: $first, after: $after, filter: $filter, orderBy: $orderBy) @connection(key: "imageList_images") {
          edges {
            node {
              id
              ...imageRow_image
            }
          }
        }
      }
    `,
    query,
  );
  return (
    <>
      <button onClick={() => refetch({ filter: { type: ['PRIVATE'], os: { type: ['LINUX'] } } })}>Mine</button>
      <ul>
        {data.images.edges.map(({ node }) => (
          <ImageRow key={node.id} image={node} />
        ))}
      </ul>
      {hasNext && <button onClick={() => loadNext(20)}>More</button>}
    </>
  );
}
