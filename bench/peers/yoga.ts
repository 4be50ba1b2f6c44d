import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { GraphQLScalarType } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { FRESH_SECONDS, TOKEN_HEADER } from './environment.ts';
import { createFetchList } from './fetch-list.ts';
import { dateTime, fetchPage, typeDefs } from './image-pages.ts';
import { listen } from './listen.ts';

// GraphQL Yoga as it comes (parse and validation caches are on by default), with its response cache. It keeps no pages.

const fetchList = createFetchList();
const yoga = createYoga<object, { readonly request: Request }>({
  schema: createSchema<any>({
    typeDefs,
    resolvers: {
      DateTime: new GraphQLScalarType(dateTime),
      Query: {
        images: (_root: unknown, args: any, { request }: any) =>
          fetchPage(args, request.headers.get(TOKEN_HEADER) ?? '', fetchList),
      },
    },
  }),
  graphiql: false,
  landingPage: false,
  plugins: [useResponseCache({ session: (request) => request.headers.get(TOKEN_HEADER), ttl: FRESH_SECONDS * 1000 })],
});
await listen((request, response) => void yoga(request, response));
