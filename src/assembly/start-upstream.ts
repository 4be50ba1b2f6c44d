import type { UpstreamConfig } from '../config.ts';
import { generateCatalogue } from '../embedded/generate.ts';
import { createEmbeddedIms } from '../embedded/server.ts';
import type { Mount } from '../server/mount.ts';

/** The image service that the gateway asks. */
export interface Upstream {
  /** Scheme, host and port. */
  readonly endpoint: string;
  /** What is also served on the gateway's own port. */
  readonly mounts: readonly Mount[];
  close(): Promise<void>;
}

/** Starts the embedded image service, or takes the cloud's as it is. */
export async function startUpstream(upstream: UpstreamConfig, wallNow: () => number): Promise<Upstream> {
  if (upstream.kind === 'cloud') return { endpoint: upstream.endpoint, mounts: [], close: async () => {} };
  const { generatedImages: size } = upstream;
  const catalogue = size === null ? {} : { catalogue: generateCatalogue({ seed: 1, size }) };
  const embedded = createEmbeddedIms({ ...catalogue, wallNow });
  const { url } = await embedded.listen();
  return { endpoint: url, mounts: [embedded], close: () => embedded.close() };
}
