import { useEffect, useId, useState } from 'react';
import type { PickerChoicesQuery } from './__generated__/graphql.ts';
import type { UrlState } from './url-state.ts';

type Facets = PickerChoicesQuery['images']['facets'];
type Facet = NonNullable<Facets['platform']>;

interface ChoicesProps {
  readonly state: UrlState;
  readonly facets: Facets | undefined;
  readonly onChange: (part: Partial<UrlState>) => void;
}

/** What narrows the list: each choice tells how many images it would leave. */
export function Choices({ state, facets, onChange }: ChoicesProps) {
  const versions = withChosen(facets?.osVersion, state.version);
  const architectureCount = (wanted: string) => facets?.architecture?.find(({ value }) => value === wanted)?.count ?? 0;
  return (
    <form className="choices" role="search" onSubmit={(event) => event.preventDefault()}>
      <Typed label="Name contains" kind="search" value={state.search} onChange={(search) => onChange({ search })} />
      <Typed
        label="Runs on flavor"
        kind="text"
        placeholder="s6.large.2"
        hint="Tells of public images only"
        value={state.flavor}
        onChange={(flavor) => onChange({ flavor })}
      />
      <Radios
        label="Architecture"
        look="segments"
        options={[
          { value: 'X86', name: 'x86', count: architectureCount('X86') },
          { value: 'ARM', name: 'Arm', count: architectureCount('ARM') },
        ]}
        value={state.architecture}
        onChange={(value) => onChange({ architecture: value === 'X86' || value === 'ARM' ? value : '' })}
      />
      <label>
        Version
        <select value={state.version} onChange={(event) => onChange({ version: event.target.value })}>
          <option value="">Any</option>
          {versions.map(({ value, count }) => (
            <option key={value} value={value}>
              {value} ({count})
            </option>
          ))}
        </select>
      </label>
      <Radios
        label="Platform"
        look="rows"
        options={withChosen(facets?.platform, state.platform).map((one) => ({ ...one, name: one.value }))}
        value={state.platform}
        onChange={(platform) => onChange({ platform, version: '' })}
      />
    </form>
  );
}

/** A choice stays to be seen, and undone, when nothing is left of it. */
const withChosen = (facet: Facet | null | undefined, chosen: string): Facet => {
  const known = facet ?? [];
  return chosen === '' || known.some(({ value }) => value === chosen) ? known : [{ value: chosen, count: 0 }, ...known];
};

interface RadiosProps {
  readonly label: string;
  readonly look: 'rows' | 'segments';
  readonly options: readonly { readonly value: string; readonly name: string; readonly count: number }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Radios({ label, look, options, value, onChange }: RadiosProps) {
  const any = { value: '', name: 'Any', count: null };
  return (
    <fieldset className={look}>
      <legend>{label}</legend>
      {[any, ...options].map((one) => (
        <label key={one.value}>
          <input type="radio" name={label} checked={one.value === value} onChange={() => onChange(one.value)} />
          <span>
            {one.name} <small>{one.count}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface TypedProps {
  readonly label: string;
  readonly kind: 'search' | 'text';
  readonly value: string;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly onChange: (value: string) => void;
}

/** How long nobody types before what was typed counts, in milliseconds. */
const PAUSE_MS = 300;

function Typed({ label, kind, value, placeholder, hint, onChange }: TypedProps) {
  const hintId = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div>
      <label>
        {label}
        <input
          type={kind}
          value={typed}
          placeholder={placeholder}
          aria-describedby={hint === undefined ? undefined : hintId}
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {hint !== undefined && (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
