import { graphql, usePaginationFragment } from 'react-relay';
import type { imageHistory_query$key } from './__generated__/imageHistory_query.graphql.ts';
import { ImageRow } from './image-row.tsx';

/** The end of a list, read backward: as a log does, with what came before at the top when asked. */
export function ImageHistory({ query }: { readonly query: imageHistory_query$key }) {
  const { data, loadPrevious, hasPrevious } = usePaginationFragment(
    graphql`
      fragment imageHistory_query on Query
      @refetchable(queryName: "imageHistoryPageQuery")
      @argumentDefinitions(
        last: { type: "Int", defaultValue: 20 }
        before: { type: "String" }
        filter: { type: "ImageFilter" }
      ) {
        images(last: $last, before: $before, filter: $filter, orderBy: { field: CREATED_AT, direction: ASC })
          @connection(key: "imageHistory_images") {
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
      {hasPrevious && <button onClick={() => loadPrevious(20)}>Earlier</button>}
      <ol>
        {data.images.edges.map(({ node }) => (
          <ImageRow key={node.id} image={node} />
        ))}
      </ol>
    </>
  );
}

/** What a route would load for {@link ImageHistory}. */
export const historyQuery = graphql`
  query imageHistoryQuery($filter: ImageFilter, $last: Int) {
    ...imageHistory_query @arguments(filter: $filter, last: $last)
  }
`;
