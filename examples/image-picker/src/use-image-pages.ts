import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import type { ImageFilter, PickerPageQuery } from './__generated__/graphql.ts';
import { failureToSentence } from './failure-to-sentence.ts';
import { PickerPage } from './operations.ts';

const PAGE_SIZE = 20;

export type ImageEdge = PickerPageQuery['images']['edges'][number];
type PageInfo = PickerPageQuery['images']['pageInfo'];

/** The part of the list that has been read so far. */
export interface ImagePages {
  readonly edges: readonly ImageEdge[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** What is on its way; null when nothing is. */
  readonly loading: 'first' | 'next' | 'previous' | null;
  /** Why the last page could not be had, in a sentence. */
  readonly error: string | null;
}

const nothing: ImagePages = { edges: [], hasNext: false, hasPrevious: false, loading: 'first', error: null };

/** Reads a list page by page, on from where it starts (behind `at`) and back from there. */
export function useImagePages(filter: ImageFilter, at: string) {
  const client = useClient();
  const [pages, setPages] = useState(nothing);
  const ends = useRef<PageInfo | null>(null);
  const busy = useRef(false);
  const question = JSON.stringify([filter, at]);
  const asked = useRef('');

  const load = useCallback(
    async (which: 'first' | 'next' | 'previous') => {
      if (busy.current && which !== 'first') return;
      const [of, start]: [ImageFilter, string] = JSON.parse(question);
      asked.current = question;
      busy.current = true;
      setPages((now) => (which === 'first' ? nothing : { ...now, loading: which, error: null }));
      const window =
        which === 'previous'
          ? { last: PAGE_SIZE, before: ends.current?.startCursor ?? null }
          : { first: PAGE_SIZE, after: which === 'first' ? start || null : (ends.current?.endCursor ?? null) };
      const { data, error } = await client.query(PickerPage, { filter: of, ...window }).toPromise();
      // Another question has been asked meanwhile.
      if (asked.current !== question) return;
      busy.current = false;
      if (data == null) {
        setPages((now) => ({ ...now, loading: null, error: failureToSentence(error) }));
        return;
      }
      const { edges, pageInfo } = data.images;
      const known = ends.current;
      const reached: PageInfo =
        which === 'first' || known === null
          ? pageInfo
          : which === 'next'
            ? { ...known, hasNextPage: pageInfo.hasNextPage, endCursor: pageInfo.endCursor ?? known.endCursor ?? null }
            : {
                ...known,
                hasPreviousPage: pageInfo.hasPreviousPage,
                startCursor: pageInfo.startCursor ?? known.startCursor ?? null,
              };
      ends.current = reached;
      setPages((now) => ({
        edges: which === 'first' ? edges : which === 'next' ? [...now.edges, ...edges] : [...edges, ...now.edges],
        hasNext: reached.hasNextPage,
        hasPrevious: reached.hasPreviousPage,
        loading: null,
        error: null,
      }));
    },
    [client, question],
  );

  useEffect(() => {
    ends.current = null;
    void load('first');
  }, [load]);

  const retry = () => void load(ends.current === null ? 'first' : 'next');
  return { pages, loadNext: () => void load('next'), loadPrevious: () => void load('previous'), retry };
}
