import { createHash } from 'node:crypto';

/**
 * A weak validator (RFC 9110, section 8.8) of everything that makes a representation what it is. Weak, as one and the same
 * tag stands for every content coding of it, and for answers that differ in what they tell about themselves.
 */
export function toEntityTag(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return `W/"${hash.digest('base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` names the tag, by the weak comparison of RFC 9110, section 13.1.2. */
export function namesEntityTag(ifNoneMatch: string | null, entityTag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags: readonly string[] = ifNoneMatch.match(/"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
  return tags.includes(entityTag.replace(/^W\//, ''));
}
