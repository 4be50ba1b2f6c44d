import { graphql, useRefetchableFragment } from 'react-relay';
import type { imageDetails_image$key } from './__generated__/imageDetails_image.graphql.ts';

/** One image, asked for again through `node` by its id. */
export function ImageDetails({ image }: { readonly image: imageDetails_image$key }) {
  const [data, refetch] = useRefetchableFragment(
    graphql`
      fragment imageDetails_image on Image
      @refetchable(queryName: "imageDetailsRefetchQuery")
      @argumentDefinitions(withRaw: { type: "Boolean", defaultValue: false }) {
        id
        name @required(action: THROW)
        status
        storage {
          sizeBytes
        }
        tags {
          key
          value
        }
        raw @include(if: $withRaw)
      }
    `,
    image,
  );
  return (
    <section aria-label={data.name}>
      <p>
        {data.status}, {data.storage.sizeBytes ?? 0} bytes
      </p>
      <button onClick={() => refetch({}, { fetchPolicy: 'network-only' })}>Again</button>
      <button onClick={() => refetch({ withRaw: true })}>As upstream sent it</button>
      <pre>{JSON.stringify(data.raw)}</pre>
    </section>
  );
}

/** What a route would load for {@link ImageDetails}. */
export const detailsQuery = graphql`
  query imageDetailsQuery($id: ID!) {
    image(id: $id) {
      ...imageDetails_image
    }
  }
`;
