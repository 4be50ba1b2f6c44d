/** Arguments of a connection, with ids in place of cursors. */
export interface RelayArguments {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** The pagination algorithm of the Relay cursor connections specification, sections 4.4 and 5.1.1, on the whole list. */
export function relayPage(all: readonly string[], { first, last, after, before }: RelayArguments) {
  let edges = [...all];
  const afterAt = after === undefined ? -1 : edges.indexOf(after);
  if (afterAt >= 0) edges = edges.slice(afterAt + 1);
  const beforeAt = before === undefined ? -1 : edges.indexOf(before);
  if (beforeAt >= 0) edges = edges.slice(0, beforeAt);

  const between = edges.length;
  if (first !== undefined) edges = edges.slice(0, first);
  if (last !== undefined) edges = edges.slice(Math.max(0, edges.length - last));
  return {
    ids: edges,
    hasPreviousPage: last === undefined ? after !== undefined : between > last,
    hasNextPage: first === undefined ? before !== undefined : between > first,
  };
}
