import { useMemo } from 'react';
import { useQuery } from 'urql';
import { Choices } from './choices.tsx';
import { ImageDetails } from './image-details.tsx';
import { ImageList } from './image-list.tsx';
import { PickerChoices } from './operations.ts';
import { imageTypes, toFilter, useUrlState } from './url-state.ts';
import { useImagePages } from './use-image-pages.ts';

const typeNames = { PUBLIC: 'Public', PRIVATE: 'Private', SHARED: 'Shared', MARKET: 'Marketplace' } as const;

/** Rows above the chosen image when the page is opened again. */
const ROWS_BEFORE = 4;

interface AppProps {
  readonly token: string;
  readonly onToken: (token: string) => void;
}

/** The whole page: types, choices, the list and the chosen image. */
export function App({ token, onToken }: AppProps) {
  const [state, change] = useUrlState();
  const filter = toFilter(state);
  const question = JSON.stringify(filter);
  // Where the list starts is decided when its question changes; choosing an image only says it for the next visit.
  const start = useMemo(() => state.at, [question]);
  const { pages, loadNext, loadPrevious, retry } = useImagePages(filter, start);
  const [{ data, fetching }] = useQuery({ query: PickerChoices, variables: { filter } });
  const facets = data?.images.facets;
  const total = data?.images.totalCount;

  const narrow: typeof change = (part) => change({ at: '', ...part });
  const clear = () => narrow({ platform: '', version: '', architecture: '', flavor: '', search: '' });
  const choose = (image: string) => {
    const at = pages.edges.findIndex(({ node }) => node.id === image) - ROWS_BEFORE;
    change({ image, at: pages.edges[at]?.cursor ?? start }, state.image === '' ? 'push' : 'replace');
  };
  const countOf = (type: string) => facets?.type?.find(({ value }) => value === type)?.count ?? 0;

  return (
    <main>
      <header>
        <h1>Choose an image</h1>
        <label className="token">
          Token
          <input
            value={token}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onToken(event.target.value)}
          />
        </label>
      </header>

      <fieldset className="types">
        <legend>Type</legend>
        {imageTypes.map((type) => (
          <label key={type}>
            <input type="radio" name="type" checked={state.type === type} onChange={() => narrow({ type })} />
            <span>
              {typeNames[type]} <small>{facets === undefined ? '' : countOf(type)}</small>
            </span>
          </label>
        ))}
      </fieldset>

      <div className="columns">
        <Choices state={state} facets={facets} onChange={narrow} />
        <section aria-label="List">
          <p className="count" role="status">
            {fetching || total == null ? ' ' : total === 1 ? '1 image' : `${total} images`}
          </p>
          <ImageList
            pages={pages}
            chosen={state.image}
            onChoose={choose}
            onNext={loadNext}
            onPrevious={loadPrevious}
            onRetry={retry}
            onClear={clear}
          />
        </section>
        <aside aria-label="Chosen image">
          <ImageDetails id={state.image} />
        </aside>
      </div>
    </main>
  );
}
