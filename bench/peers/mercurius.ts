import Fastify from 'fastify';
import { GraphQLScalarType } from 'graphql';
import mercurius from 'mercurius';
import { TOKEN_HEADER } from './environment.ts';
import { createFetchList } from './fetch-list.ts';
import { dateTime, keepPages, typeDefs } from './image-pages.ts';
import { announce } from './listen.ts';

// Mercurius with JIT, as its documentation recommends for speed (docs/api/options.md: `jit`; parse and validation caches are
// on by default), over pages that it keeps in memory. It has no cache of answers.

const pageOf = keepPages(createFetchList());
const app = Fastify();
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: {
    DateTime: new GraphQLScalarType(dateTime) as any,
    Query: { images: (_root: unknown, args: any, { token }: any) => pageOf(args, token) },
  },
  jit: 1,
  context: (request) => ({ token: String(request.headers[TOKEN_HEADER]) }),
});
announce(await app.listen({ port: 0, host: '127.0.0.1' }));
