/** Longest name that is kept. */
const MAX_LENGTH = 80;

/** Keeps the first `most` different names apart, for ever; every later one is `other`. */
export function boundedNames(most: number): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= most || name.length > MAX_LENGTH) return 'other';
    known.add(name);
    return name;
  };
}
