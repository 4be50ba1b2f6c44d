import { z } from 'zod';
import type { Environment } from './cloud-variables.ts';
import { wholeNumber } from './numbers.ts';

/** What clients may send in place of a query, and what answers look like on the wire. */
export interface WireConfig {
  /** The manifest of trusted documents, and the variable that names it; with `only`, nothing else runs. */
  readonly trustedDocuments: { readonly path: string; readonly setting: string; readonly only: boolean } | null;
  /** Memory for automatic persisted queries; 0 switches them off. */
  readonly apqMaxBytes: number;
  readonly compression: boolean;
  /** Memory for finished responses; 0 keeps none. */
  readonly renderedMaxBytes: number;
}

const TRUSTED_DOCUMENTS = 'TRUSTED_DOCUMENTS';

/** The variables that decide how frontends talk to the gateway. */
export const wireVariables = {
  [TRUSTED_DOCUMENTS]: z.string().optional(),
  TRUSTED_DOCUMENTS_ONLY: z.enum(['on', 'off']).default('off'),
  APQ_MAX_BYTES: wholeNumber(0, 2 ** 32).default(4 * 2 ** 20),
  RENDERED_MAX_BYTES: wholeNumber(0, 2 ** 36).default(32 * 2 ** 20),
  COMPRESSION: z.enum(['on', 'off']).default('on'),
};

type WireRead = z.infer<z.ZodObject<typeof wireVariables>>;

/** What the variables say. */
export const readWire = (read: WireRead): WireConfig => ({
  trustedDocuments:
    read.TRUSTED_DOCUMENTS === undefined
      ? null
      : {
          path: read.TRUSTED_DOCUMENTS,
          setting: TRUSTED_DOCUMENTS,
          only: read.TRUSTED_DOCUMENTS_ONLY === 'on',
        },
  apqMaxBytes: read.APQ_MAX_BYTES,
  compression: read.COMPRESSION === 'on',
  renderedMaxBytes: read.RENDERED_MAX_BYTES,
});

/** Variables that contradict each other. */
export function wireMistakes(given: Environment): string[] {
  if (given['TRUSTED_DOCUMENTS_ONLY'] !== 'on') return [];
  if (given[TRUSTED_DOCUMENTS] === undefined) {
    return [`TRUSTED_DOCUMENTS_ONLY: expected ${TRUSTED_DOCUMENTS} beside it, as without documents nothing could run`];
  }
  const remedy = 'expected no TRUSTED_DOCUMENTS_ONLY=on beside it, as only trusted documents run then';
  return [
    ...(given['GRAPHIQL'] === 'on' ? [`GRAPHIQL: ${remedy}`] : []),
    ...(Number(given['APQ_MAX_BYTES'] ?? 0) > 0 ? [`APQ_MAX_BYTES: ${remedy}`] : []),
  ];
}
