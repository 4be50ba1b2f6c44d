import { type ChangeEvent, useEffect, useState } from 'react';
import type { PickerChoicesQuery } from './__generated__/graphql.ts';
import type { UrlState } from './url-state.ts';

type Facet = PickerChoicesQuery['images']['facets']['platform'];

interface ChoicesProps {
  readonly state: UrlState;
  readonly facets: PickerChoicesQuery['images']['facets'] | undefined;
  readonly onChange: (part: Partial<UrlState>) => void;
}

/** What narrows the list: each choice tells how many images it would leave. */
export function Choices({ state, facets, onChange }: ChoicesProps) {
  return (
    <form className="choices" role="search" onSubmit={(event) => event.preventDefault()}>
      <Typed label="Name contains" kind="search" value={state.search} onChange={(search) => onChange({ search })} />
      <Choice
        label="Platform"
        value={state.platform}
        facet={facets?.platform}
        onChange={(platform) => onChange({ platform, version: '' })}
      />
      <Choice
        label="Version"
        value={state.version}
        facet={facets?.osVersion}
        onChange={(version) => onChange({ version })}
      />
      <Choice
        label="Architecture"
        value={state.architecture}
        facet={facets?.architecture}
        onChange={(value) => onChange({ architecture: value === 'X86' || value === 'ARM' ? value : '' })}
      />
      <Typed
        label="Runs on flavor"
        kind="text"
        placeholder="s6.large.2"
        value={state.flavor}
        onChange={(flavor) => onChange({ flavor })}
      />
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly facet: Facet | undefined;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, facet, onChange }: ChoiceProps) {
  const known = facet ?? [];
  const options = value === '' || known.some((one) => one.value === value) ? known : [{ value, count: 0 }, ...known];
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Any</option>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.value} ({one.count})
          </option>
        ))}
      </select>
    </label>
  );
}

interface TypedProps {
  readonly label: string;
  readonly kind: 'search' | 'text';
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

/** How long nobody types before what was typed counts, in milliseconds. */
const PAUSE_MS = 300;

function Typed({ label, kind, value, placeholder, onChange }: TypedProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <label>
      {label}
      <input
        type={kind}
        value={typed}
        placeholder={placeholder}
        spellCheck={false}
        onChange={(event: ChangeEvent<HTMLInputElement>) => setTyped(event.target.value)}
      />
    </label>
  );
}
