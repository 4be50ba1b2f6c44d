import { useQuery } from 'urql';
import { failureToSentence } from './failure-to-sentence.ts';
import { PickerDetails } from './operations.ts';

/** The chosen image, with its id to take along. */
export function ImageDetails({ id }: { readonly id: string }) {
  const [{ data, fetching, error }, ask] = useQuery({ query: PickerDetails, variables: { id }, pause: id === '' });
  if (id === '') return <p className="hint">Choose an image to see what it is.</p>;
  if (fetching) return <p className="hint">Loading…</p>;
  if (error !== undefined) {
    return (
      <div className="state failure" role="alert">
        <p>{failureToSentence(error)}</p>
        <button onClick={() => ask({ requestPolicy: 'network-only' })}>Try again</button>
      </div>
    );
  }
  const image = data?.image;
  if (image == null) return <p className="hint">There is no such image, or it is not yours to see.</p>;
  const { os, requirements, storage } = image;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['Description', image.description],
    ['System', os.version ?? os.platform],
    ['Architecture', `${os.architecture === 'ARM' ? 'Arm' : 'x86'}${os.bit === 'BIT_32' ? ', 32-bit' : ', 64-bit'}`],
    ['Least disk', requirements.minDiskGiB == null ? null : `${requirements.minDiskGiB} GiB`],
    ['Memory', toMemory(requirements.minRamMiB ?? 0, requirements.maxRamMiB ?? null)],
    ['Size', storage.sizeBytes ? `${(storage.sizeBytes / 2 ** 30).toFixed(1)} GiB, ${storage.diskFormat}` : null],
    ['Boot mode', image.boot.firmware],
    ['Agents', image.agents?.join(', ')],
    ['Tags', image.tags?.map(({ key, value }) => (value == null ? key : `${key}=${value}`)).join(', ')],
    ['Created', image.createdAt?.slice(0, 10)],
    ['Changed', image.updatedAt?.slice(0, 10)],
  ];
  return (
    <>
      <h2>{image.name ?? image.id}</h2>
      <p className="id">
        <code>{image.id}</code>
        <button onClick={() => void navigator.clipboard.writeText(image.id)}>Copy id</button>
      </p>
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
    </>
  );
}

const toMemory = (least: number, most: number | null): string =>
  most === null ? (least === 0 ? 'Any' : `From ${least} MiB`) : `${least} to ${most} MiB`;
