import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { Service } from '../listen.ts';

interface Context {
  readonly token: string | undefined;
}

/** Apollo Gateway over a supergraph, passing the caller's token on. */
export async function startApolloGateway(supergraphSdl: string, port: number): Promise<Service> {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource<Context>({
        url,
        willSendRequest({ request, context }) {
          // What the gateway asks on its own behalf has no caller.
          if (context?.token !== undefined) request.http?.headers.set('x-auth-token', context.token);
        },
      }),
  });
  const server = new ApolloServer<Context>({ gateway, stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: async ({ req }) => {
      const token = req.headers['x-auth-token'];
      return { token: typeof token === 'string' ? token : undefined };
    },
  });
  return { url, [Symbol.asyncDispose]: () => server.stop() };
}
