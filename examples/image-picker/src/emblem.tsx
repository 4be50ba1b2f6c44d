declare module 'react' {
  interface CSSProperties {
    /** The hue of an emblem, in degrees. */
    '--hue'?: number;
  }
}

/** A platform at a glance: two letters in a colour of its own. Says nothing that the text beside it does not. */
export function Emblem({ platform }: { readonly platform: string | null | undefined }) {
  const name = platform ?? '?';
  const [first = '', second] = name.split(' ');
  const letters = second === undefined ? first.slice(0, 2) : `${first.slice(0, 1)}${second.slice(0, 1)}`;
  return (
    <span className="emblem" aria-hidden="true" style={{ '--hue': nameToHue(name) }}>
      {letters}
    </span>
  );
}

/** Always the same for a name, and far apart for names that differ by little. */
const nameToHue = (name: string): number =>
  Array.from(name).reduce((hue, letter) => (hue * 31 + letter.charCodeAt(0)) % 360, 7);
