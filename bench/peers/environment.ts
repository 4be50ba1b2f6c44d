import { readFileSync } from 'node:fs';

// What the bench tells each server by its environment.

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`Expected ${name} in the environment.`);
  return value;
};

/** Scheme, host and port of the image service. */
export const upstreamUrl = (): string => given('UPSTREAM');
/** Path and query of the list request that the measured operation needs. */
export const upstreamPath = (): string => given('UPSTREAM_PATH');
/** Images on the page that it asks for: the list request asks for one more. */
export const pageSize = (): number => Number(given('PAGE_SIZE'));
/** The measured operation and its variables, as a client posts them. */
export const question = (): { readonly query: string; readonly variables: Readonly<Record<string, unknown>> } =>
  JSON.parse(readFileSync(given('QUESTION'), 'utf8'));
/** The finished answer to it. */
export const finishedAnswer = (): {
  readonly headers: readonly [name: string, value: string][];
  readonly body: string;
} => JSON.parse(readFileSync(given('ANSWER'), 'utf8'));

/** Connections to the image service, at the most: more than requests at once, so that nobody waits for one. */
export const CONNECTIONS = 128;
/** How long each keeps what it keeps: longer than a run, so that nobody is measured while it fetches anew. */
export const FRESH_SECONDS = 600;
/** Memory for answers, where a number can be given. */
export const CACHE_BYTES = 64 * 2 ** 20;
/** Entries, where only their number can be given. */
export const CACHE_ENTRIES = 10_000;

export const TOKEN_HEADER = 'x-auth-token';
export const LIST_PATH = '/v1/cloudimages/fuzzy';
