import { graphql, useFragment } from 'react-relay';
import type { imageRow_image$key } from './__generated__/imageRow_image.graphql.ts';

/** An image in a list; nothing where upstream gave it no name or did not say when it was made. */
export function ImageRow({ image }: { readonly image: imageRow_image$key }) {
  const data = useFragment(
    graphql`
      fragment imageRow_image on Image {
        name @required(action: NONE)
        createdAt @required(action: LOG)
        os {
          platform
        }
      }
    `,
    image,
  );
  if (data == null) return null;
  return (
    <li>
      {data.name} ({data.os.platform ?? 'unknown platform'}), <time dateTime={data.createdAt}>{data.createdAt}</time>
    </li>
  );
}
