/** What has to be closed when the gateway ends. */
export interface Part {
  close(): Promise<void>;
}

/** Parts in the order in which they were opened. */
export interface Parts extends Part {
  /** Remembers a part, and gives it back. */
  add<One extends Part>(part: One): One;
  /** Closes all of them, the last one first. */
  close(): Promise<void>;
}

/** No parts yet. */
export function createParts(): Parts {
  const parts: Part[] = [];
  return {
    add(part) {
      parts.push(part);
      return part;
    },
    async close() {
      // Each may need those that were opened before it.
      for (const part of parts.toReversed()) await part.close();
    },
  };
}
