import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** How long a token lasts. */
export const TOKEN_LIFE_MS = 24 * 3_600_000;

/** Tokens that are issued, and read again. They hold all that is to be known of them, so that nothing is kept. */
export interface Tokens {
  issue(content: TokenContent): string;
  /** What a token was issued for; null for a text that was never issued here. */
  read(token: string): TokenContent | null;
}

const content = z.object({ name: z.string(), endsAtMs: z.number() }).readonly();

/** For whom, and until when by the wall clock. */
export type TokenContent = z.infer<typeof content>;

export function createTokens(): Tokens {
  const key = randomBytes(32);
  const seal = (text: string) => `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  return {
    issue: (given) => seal(Buffer.from(JSON.stringify(given)).toString('base64url')),
    read(token) {
      const text = token.split('.', 1)[0] ?? '';
      return seal(text) === token ? content.parse(JSON.parse(Buffer.from(text, 'base64url').toString())) : null;
    },
  };
}
