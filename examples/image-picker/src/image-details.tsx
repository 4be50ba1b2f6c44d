import { type ReactNode, useState } from 'react';
import { useQuery } from 'urql';
import type { PickerDetailsQuery } from './__generated__/graphql.ts';
import { Emblem } from './emblem.tsx';
import { Failure, failureToSentence } from './failure.tsx';
import { PickerDetails } from './operations.ts';

type ImageWithDetails = NonNullable<PickerDetailsQuery['image']>;

/** The chosen image, with its id to take along; a screen reader is told its name. */
export function ImageDetails({ id }: { readonly id: string }) {
  const [{ data, fetching, error }, ask] = useQuery({ query: PickerDetails, variables: { id }, pause: id === '' });
  const image = data?.image;
  const isFailed = error !== undefined && !fetching && id !== '';
  return (
    <>
      <p role="status" className={image == null || fetching || id === '' ? 'hint' : 'unseen'}>
        {isFailed ? '' : toStatus(id, fetching, image)}
      </p>
      {isFailed && (
        <Failure sentence={failureToSentence(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />
      )}
      {image != null && !fetching && id !== '' && <Card key={id} image={image} />}
    </>
  );
}

function toStatus(id: string, fetching: boolean, image: ImageWithDetails | null | undefined): string {
  if (id === '') return 'Choose an image to see what it is.';
  if (fetching) return 'Loading…';
  return image == null ? 'There is no such image, or it is not yours to see.' : `Chosen: ${image.name ?? id}`;
}

function Card({ image }: { readonly image: ImageWithDetails }) {
  const { os, requirements, storage } = image;
  const architecture = os.architecture === 'ARM' ? 'Arm' : 'x86';
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['System', os.version ?? os.platform],
    ['Architecture', `${architecture}${os.bit === 'BIT_32' ? ', 32-bit' : ', 64-bit'}`],
    ['Least disk', requirements.minDiskGiB == null ? null : `${requirements.minDiskGiB} GiB`],
    ['Memory', toMemory(requirements.minRamMiB ?? 0, requirements.maxRamMiB ?? null)],
    ['Boot mode', image.boot.firmware],
    ['Size', storage.sizeBytes ? `${(storage.sizeBytes / 2 ** 30).toFixed(1)} GiB, ${storage.diskFormat}` : null],
    ['Made for', toChips(toServers(image.supports))],
    ['Agents', toChips(image.agents ?? [])],
    ['Tags', toChips((image.tags ?? []).map(({ key, value }) => (value == null ? key : `${key}=${value}`)))],
    ['Owner', image.owner],
    ['Created', image.createdAt?.slice(0, 10)],
    ['Changed', image.updatedAt?.slice(0, 10)],
  ];
  return (
    <article>
      <header>
        <Emblem platform={os.platform} />
        <h2>{image.name ?? image.id}</h2>
      </header>
      <CopiedId id={image.id} />
      {image.description ? <p>{image.description}</p> : null}
      <dl>
        {facts.map(([name, fact]) =>
          fact ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </article>
  );
}

function CopiedId({ id }: { readonly id: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(id).then(() => setCopied(true));
  return (
    <p className="id">
      <code>{id}</code>
      <button aria-label={isCopied ? 'Copied the id' : 'Copy the id'} onClick={() => void copy()}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </p>
  );
}

const toMemory = (least: number, most: number | null): string =>
  most === null ? (least === 0 ? 'Any' : `From ${least} MiB`) : `${least} to ${most} MiB`;

/** The kinds of server that an image says it is made for. */
const toServers = (supports: ImageWithDetails['supports']): string[] =>
  [
    supports.kvm && 'KVM',
    supports.xen && 'Xen',
    supports.kvmGpuType ?? supports.xenGpuType,
    supports.largeMemory && 'Large memory',
    supports.diskIntensive && 'Disk-intensive',
    supports.highPerformance && 'High performance',
    supports.kvmInfiniband && 'InfiniBand',
  ].filter((name) => typeof name === 'string');

const toChips = (texts: readonly string[]): ReactNode =>
  texts.length === 0 ? null : (
    <ul className="chips">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
