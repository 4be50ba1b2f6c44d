import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import InMemoryLRUCache from '@graphql-mesh/cache-inmemory-lru';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { DefaultLogger } from '@graphql-mesh/utils';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import { describeListApi } from '../list-api.ts';
import { CACHE_ENTRIES, FRESH_SECONDS, TOKEN_HEADER, upstreamUrl } from './environment.ts';
import { listen } from './listen.ts';

// Hive Gateway over an OpenAPI description of the list, composed as GraphQL Mesh composes it, with the cache and the response
// caching of its documentation (Performance & Caching). Clients ask in the schema that it makes of the description.

const endpoint = upstreamUrl();
const supergraph = await getComposedSchemaFromConfig(
  {
    subgraphs: [
      {
        sourceHandler: loadOpenAPISubgraph('images', {
          source: describeListApi(endpoint),
          endpoint,
          ignoreErrorResponses: true,
          operationHeaders: { [TOKEN_HEADER]: `{context.headers['${TOKEN_HEADER}']}` },
        }),
      },
    ],
  },
  new DefaultLogger(),
);
const runtime = createGatewayRuntime({
  supergraph,
  logging: 'error',
  graphiql: false,
  landingPage: false,
  cache: new InMemoryLRUCache({ max: CACHE_ENTRIES }),
  responseCaching: { session: (request: Request) => request.headers.get(TOKEN_HEADER), ttl: FRESH_SECONDS * 1000 },
});
await listen((request, response) => void runtime(request, response));
