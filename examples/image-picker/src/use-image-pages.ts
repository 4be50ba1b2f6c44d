import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import type { ImageFilter, PickerPageQuery } from './__generated__/graphql.ts';
import { failureToSentence } from './failure.tsx';
import { PickerPage } from './operations.ts';

const PAGE_SIZE = 20;

export type ImageEdge = PickerPageQuery['images']['edges'][number];
type PageInfo = PickerPageQuery['images']['pageInfo'];
type Which = 'first' | 'next' | 'previous';

/** The part of the list that has been read so far. */
export interface ImagePages {
  readonly edges: readonly ImageEdge[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** What is on its way; null when nothing is. */
  readonly loading: Which | null;
  /** The page that could not be had, and why in a sentence. */
  readonly failure: { readonly which: Which; readonly sentence: string } | null;
}

const nothing: ImagePages = { edges: [], hasNext: false, hasPrevious: false, loading: 'first', failure: null };

/** Reads a list page by page, on from where it starts (behind `at`) and back from there. */
export function useImagePages(filter: ImageFilter, at: string) {
  const client = useClient();
  const [pages, setPages] = useState(nothing);
  const ends = useRef<PageInfo | null>(null);
  const busy = useRef(false);
  const question = JSON.stringify([filter, at]);
  const asked = useRef('');

  const load = useCallback(
    async (which: Which) => {
      if (busy.current && which !== 'first') return;
      const [of, start]: [ImageFilter, string] = JSON.parse(question);
      asked.current = question;
      busy.current = true;
      setPages((now) => (which === 'first' ? nothing : { ...now, loading: which, failure: null }));
      const { data, error } = await client
        .query(PickerPage, { filter: of, ...toWindow(which, start, ends.current) })
        .toPromise();
      // Another question has been asked meanwhile.
      if (asked.current !== question) return;
      busy.current = false;
      if (data == null) {
        setPages((now) => ({ ...now, loading: null, failure: { which, sentence: failureToSentence(error) } }));
        return;
      }
      const { edges, pageInfo } = data.images;
      const reached = toEnds(which, ends.current, pageInfo);
      ends.current = reached;
      setPages((now) => ({
        edges: which === 'first' ? edges : which === 'next' ? [...now.edges, ...edges] : [...edges, ...now.edges],
        hasNext: reached.hasNextPage,
        hasPrevious: reached.hasPreviousPage,
        loading: null,
        failure: null,
      }));
    },
    [client, question],
  );

  useEffect(() => {
    ends.current = null;
    void load('first');
  }, [load]);

  return {
    pages,
    loadNext: () => void load('next'),
    loadPrevious: () => void load('previous'),
    retry: () => void load(pages.failure?.which ?? 'first'),
  };
}

const toWindow = (which: Which, start: string, ends: PageInfo | null) =>
  which === 'previous'
    ? { last: PAGE_SIZE, before: ends?.startCursor ?? null }
    : { first: PAGE_SIZE, after: which === 'first' ? start || null : (ends?.endCursor ?? null) };

/** Where the list has been read to, once a page is added at one of its ends. An empty page moves no cursor. */
function toEnds(which: Which, known: PageInfo | null, { hasNextPage, hasPreviousPage, ...page }: PageInfo): PageInfo {
  if (which === 'first' || known === null) return { hasNextPage, hasPreviousPage, ...page };
  return which === 'next'
    ? { ...known, hasNextPage, endCursor: page.endCursor ?? known.endCursor ?? null }
    : { ...known, hasPreviousPage, startCursor: page.startCursor ?? known.startCursor ?? null };
}
