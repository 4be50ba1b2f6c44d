import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { listen, type Service } from './listen.ts';

/** Hive Gateway over a supergraph. A caller's token goes along to the subgraphs, and so to the image service. */
export async function startHiveGateway(supergraph: string, port: number): Promise<Service> {
  const runtime = createGatewayRuntime({
    supergraph,
    logging: 'warn',
    // Not by a hook on fetch: requests that are under way together and alike share one answer, and only headers that
    // are propagated here count in what is alike. By a hook, one caller could get what another may see.
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({ 'x-auth-token': request.headers.get('x-auth-token') }),
    },
  });
  const served = await listen((request, response) => void runtime(request, response), port);
  return {
    url: served.url,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await runtime[Symbol.asyncDispose]();
    },
  };
}
