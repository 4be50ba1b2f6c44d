import { RESTDataSource, type AugmentedRequest } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import responseCachePlugin from '@apollo/server-plugin-response-cache';
import fastifyApollo from '@as-integrations/fastify';
import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import Fastify from 'fastify';
import { GraphQLScalarType } from 'graphql';
import { Agent, fetch } from 'undici';
import { CACHE_BYTES, CONNECTIONS, FRESH_SECONDS, TOKEN_HEADER, upstreamUrl } from './environment.ts';
import { dateTime, fetchPage, typeDefs } from './image-pages.ts';
import { announce } from './listen.ts';

// Apollo Server with its REST data source, its HTTP cache, and the response cache that its documentation recommends
// (Performance: Server-side caching), on Fastify.

const cache = new InMemoryLRUCache({ maxSize: CACHE_BYTES });
const dispatcher = new Agent({ connections: CONNECTIONS });

class ImagesApi extends RESTDataSource {
  override baseURL = upstreamUrl();
  readonly token: string;

  constructor(token: string) {
    super({ cache, fetch: ((url: any, init: any) => fetch(url, { ...init, dispatcher })) as any });
    this.token = token;
  }

  override willSendRequest(_path: string, request: AugmentedRequest): void {
    request.headers[TOKEN_HEADER] = this.token;
  }

  /** Each caller has its own entries. */
  override cacheKeyFor(url: URL): string {
    return `${this.token} ${url.href}`;
  }

  list(path: string): Promise<any> {
    return this.get(path, { cacheOptions: { ttl: FRESH_SECONDS } });
  }
}

interface Context {
  readonly api: ImagesApi;
}

const server = new ApolloServer<Context>({
  typeDefs,
  resolvers: {
    DateTime: new GraphQLScalarType(dateTime),
    Query: {
      images: (_root: unknown, args: any, { api }: Context, info: any) => {
        info.cacheControl.setCacheHint({ maxAge: FRESH_SECONDS, scope: 'PRIVATE' });
        return fetchPage(args, api.token, (path) => api.list(path));
      },
    },
  },
  cache,
  plugins: [
    ApolloServerPluginCacheControl({ defaultMaxAge: FRESH_SECONDS }),
    responseCachePlugin({
      sessionId: async ({ request }: any) => request.http?.headers.get(TOKEN_HEADER) ?? null,
    }),
  ],
});
await server.start();

const app = Fastify();
await app.register(fastifyApollo(server), {
  path: '/graphql',
  context: async (request: any) => ({ api: new ImagesApi(String(request.headers[TOKEN_HEADER])) }),
});
announce(await app.listen({ port: 0, host: '127.0.0.1' }));
