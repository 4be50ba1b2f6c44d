import './scalars.ts';
import './structures.ts';
import './images.ts';
import { builder } from './builder.ts';

/** The whole schema; `schema.graphql` is its print. */
export const schema = builder.toSchema({ sortSchema: false });
