import './scalars.ts';
import './structures.ts';
import './images.ts';
import { builder } from './builder.ts';
import { toSubgraphSchema } from './entities.ts';

/** The schema as clients see it; `schema.graphql` is its print. */
export const schema = builder.toSchema({
  sortSchema: false,
  schemaDirectives: {
    link: { url: 'https://specs.apollo.dev/federation/v2.9', import: ['@key', '@shareable'] },
  },
});

/** The schema as it is served: with the fields through which a federation gateway reads it and refers to images. */
export const subgraphSchema = toSubgraphSchema(schema);
