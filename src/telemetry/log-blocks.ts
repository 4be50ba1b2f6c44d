/** Takes lines, and passes them on in blocks. */
export interface LogBlocks {
  write(line: string): void;
  /** Passes on what is left. */
  flush(): void;
}

export interface LogBlocksOptions {
  /** Takes a block of whole lines. */
  readonly write: (block: string) => unknown;
  /** Length from which a block is passed on. */
  readonly characters: number;
  /** Longest time that a line waits. */
  readonly everyMs: number;
}

/** Gathers lines, as each write costs about as much as all the rest of a line. */
export function createLogBlocks({ write, characters, everyMs }: LogBlocksOptions): LogBlocks {
  let block = '';
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (block === '') return;
    const whole = block;
    block = '';
    write(whole);
  };

  return {
    write(line) {
      block += line;
      if (block.length >= characters) flush();
      // A process that has nothing else to do ends, and flushes then.
      else timer ??= setTimeout(flush, everyMs).unref();
    },
    flush,
  };
}
