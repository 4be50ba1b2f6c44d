import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { Emblem } from './emblem.tsx';
import { Failure } from './failure.tsx';
import type { ImageEdge, ImagePages } from './use-image-pages.ts';

interface ImageListProps {
  readonly pages: ImagePages;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  readonly onNext: () => void;
  readonly onPrevious: () => void;
  readonly onRetry: () => void;
  readonly onStartOver: () => void;
}

/** How far before its end the list asks for more, in pixels. */
const AHEAD = 400;
/** How far Page Up and Page Down go. */
const ROWS_AT_ONCE = 8;

/** The images as one listbox: arrows, Page Up and Down, Home and End choose; scrolling near an end reads on. */
export function ImageList(props: ImageListProps) {
  const { pages, chosen, onChoose, onNext, onPrevious, onRetry, onStartOver } = props;
  const { edges, hasNext, hasPrevious, loading, failure } = pages;
  const box = useRef<HTMLDivElement>(null);
  useKeptPlace(box, edges);

  const readOn = () => {
    const { current } = box;
    if (current === null || loading !== null || failure !== null) return;
    if (hasNext && current.scrollHeight - current.scrollTop - current.clientHeight < AHEAD) onNext();
    else if (hasPrevious && current.scrollTop < AHEAD) onPrevious();
  };
  // A page may be shorter than the screen.
  useEffect(readOn);

  const move = (event: KeyboardEvent) => {
    const at = edges.findIndex(({ node }) => node.id === chosen);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + ROWS_AT_ONCE,
      PageUp: at - ROWS_AT_ONCE,
      Home: 0,
      End: edges.length - 1,
    };
    const to = places[event.key];
    const edge = to === undefined ? undefined : edges[Math.max(0, Math.min(to, edges.length - 1))];
    if (edge === undefined) return;
    event.preventDefault();
    onChoose(edge.node.id);
    document.getElementById(`image-${edge.node.id}`)?.scrollIntoView({ block: 'nearest' });
  };

  if (loading === 'first') return <Skeleton />;
  if (failure?.which === 'first') {
    return <Failure sentence={failure.sentence} onRetry={onRetry} onStartOver={onStartOver} />;
  }
  if (edges.length === 0) {
    return (
      <div className="state">
        <p>No image is like that.</p>
        <button onClick={onStartOver}>Show all of this type</button>
      </div>
    );
  }
  return (
    <div className="list-frame">
      <div
        ref={box}
        className="list"
        role="listbox"
        aria-label="Images"
        aria-busy={loading !== null}
        tabIndex={0}
        aria-activedescendant={edges.some(({ node }) => node.id === chosen) ? `image-${chosen}` : undefined}
        onScroll={readOn}
        onKeyDown={move}
      >
        {edges.map(({ node }) => (
          <Row key={node.id} image={node} isChosen={node.id === chosen} onChoose={onChoose} />
        ))}
      </div>
      <p className="more" role="status">
        {loading === null ? '' : 'Loading more…'}
      </p>
      {failure !== null && <Failure sentence={failure.sentence} onRetry={onRetry} />}
    </div>
  );
}

/** Keeps the rows that are looked at in place when others come before them. */
function useKeptPlace(box: { readonly current: HTMLDivElement | null }, edges: readonly ImageEdge[]): void {
  const before = useRef({ first: '', height: 0 });
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) {
      // Another list comes; it may begin elsewhere and yet hold the row that was first.
      before.current = { first: '', height: 0 };
      return;
    }
    const first = edges[0]?.node.id ?? '';
    const grown = current.scrollHeight - before.current.height;
    const wasFirst = edges.some(({ node }) => node.id === before.current.first);
    if (wasFirst && first !== before.current.first) current.scrollTop += grown;
    before.current = { first, height: current.scrollHeight };
  }, [box, edges]);
}

interface RowProps {
  readonly image: ImageEdge['node'];
  readonly isChosen: boolean;
  readonly onChoose: (id: string) => void;
}

function Row({ image, isChosen, onChoose }: RowProps) {
  const { os, requirements } = image;
  return (
    <div
      id={`image-${image.id}`}
      className="row"
      role="option"
      aria-selected={isChosen}
      onClick={() => onChoose(image.id)}
    >
      <Emblem platform={os.platform} />
      <span className="name">{image.name ?? image.id}</span>
      <span className="facts">
        {[os.platform, os.architecture === 'ARM' ? 'Arm' : 'x86', `${requirements.minDiskGiB ?? '?'} GiB disk`]
          .filter((fact) => fact != null)
          .join(' · ')}
      </span>
      <time dateTime={image.createdAt ?? undefined}>{image.createdAt?.slice(0, 10)}</time>
    </div>
  );
}

function Skeleton() {
  return (
    <div className="list skeleton" role="status">
      <span className="unseen">Loading images…</span>
      {Array.from({ length: 9 }, (_, i) => (
        <div key={i} className="row">
          <span className="emblem" />
          <span className="name" />
          <span className="facts" />
        </div>
      ))}
    </div>
  );
}
