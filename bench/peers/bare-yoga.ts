import { createSchema, createYoga } from 'graphql-yoga';
import { listen } from './listen.ts';

// What starting is compared with: the least that yoga can be.

const yoga = createYoga({
  schema: createSchema({ typeDefs: 'type Query { ready: Boolean! }', resolvers: { Query: { ready: () => true } } }),
});
await listen((request, response) => void yoga(request, response));
