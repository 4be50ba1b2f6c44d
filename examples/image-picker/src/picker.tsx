import { useState } from 'react';
import { useQuery } from 'urql';
import { Choices } from './choices.tsx';
import { Failure, failureToSentence } from './failure.tsx';
import { ImageDetails } from './image-details.tsx';
import { ImageList } from './image-list.tsx';
import { PickerChoices } from './operations.ts';
import { imageTypes, toFilter, useUrlState } from './url-state.ts';
import { useImagePages } from './use-image-pages.ts';

const typeNames = { PUBLIC: 'Public', PRIVATE: 'Private', SHARED: 'Shared', MARKET: 'Marketplace' } as const;

/** Rows above the chosen image when the page is opened again. */
const ROWS_BEFORE = 4;

/** Types, choices, the list and the chosen image. */
export function Picker() {
  const [state, change] = useUrlState();
  const filter = toFilter(state);
  const question = JSON.stringify(filter);
  // Where the list starts is decided when its question changes; choosing an image only says it for the next visit.
  const [start, setStart] = useState({ question, at: state.at });
  if (start.question !== question) setStart({ question, at: state.at });

  const { pages, loadNext, loadPrevious, retry } = useImagePages(filter, start.at);
  const [counts, countAgain] = useQuery({ query: PickerChoices, variables: { filter } });
  const facets = counts.data?.images.facets;

  const narrow: typeof change = (part) => change({ at: '', ...part });
  const startOver = () => {
    narrow({ platform: '', version: '', architecture: '', flavor: '', search: '' });
    setStart({ question: '', at: '' });
  };
  const choose = (image: string) => {
    const at = pages.edges.findIndex(({ node }) => node.id === image) - ROWS_BEFORE;
    change({ image, at: pages.edges[at]?.cursor ?? start.at }, state.image === '' ? 'push' : 'replace');
  };
  const countOf = (type: string) => facets?.type?.find(({ value }) => value === type)?.count ?? 0;

  return (
    <>
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
            {counts.fetching ? ' ' : countToSentence(counts.data?.images.totalCount)}
          </p>
          {counts.error !== undefined && pages.failure === null && (
            <Failure
              sentence={failureToSentence(counts.error)}
              onRetry={() => countAgain({ requestPolicy: 'network-only' })}
            />
          )}
          <ImageList
            pages={pages}
            chosen={state.image}
            onChoose={choose}
            onNext={loadNext}
            onPrevious={loadPrevious}
            onRetry={retry}
            onStartOver={startOver}
          />
        </section>
        <aside aria-label="Chosen image">
          <ImageDetails id={state.image} />
        </aside>
      </div>
    </>
  );
}

function countToSentence(count: number | null | undefined): string {
  if (count == null) return 'Not counted';
  return count === 1 ? '1 image' : `${count} images`;
}
