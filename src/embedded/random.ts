/** A repeatable source of choices. */
export interface Random {
  /** 32 bits, unsigned. */
  bits(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(pool: readonly T[]): T;
}

/** Spreads the bits of a 32-bit integer; different numbers stay different. */
export function mix(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The same choices for the same seed, on every machine. Not for secrets. */
export function createRandom(seed: number): Random {
  let state = mix(seed);
  const bits = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state);
  };
  return {
    bits,
    chance: (probability) => bits() < probability * 2 ** 32,
    pick: (pool) => {
      const picked = pool.at(bits() % pool.length);
      if (picked === undefined) throw new RangeError('Expected a pool of values, but received an empty one.');
      return picked;
    },
  };
}
