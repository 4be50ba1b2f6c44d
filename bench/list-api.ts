import { windowParameters } from '../src/image/order.ts';
import { groups, searchParameters } from '../src/image/groups.ts';

// "Querying Images" as OpenAPI describes it: what an API's own description would give a gateway that is generated from one.

const numbers: ReadonlySet<string> = new Set(['size', 'virtual_size', 'min_ram', 'min_disk']);
const booleans: ReadonlySet<string> = new Set(['protected', '__system_support_market']);

function typeOf(attribute: string): object {
  if (attribute === 'tags') return { type: 'array', items: { type: 'string' } };
  return { type: numbers.has(attribute) ? 'number' : booleans.has(attribute) ? 'boolean' : 'string' };
}

/** The OpenAPI description of the list at an address: every parameter and every attribute of the manual. */
export function describeListApi(url: string): any {
  const attributes = groups.flatMap(({ fields }) => Object.values(fields).map(({ wire }) => wire));
  return {
    openapi: '3.0.3',
    info: { title: 'Image Management Service', version: '1' },
    servers: [{ url }],
    paths: {
      '/v1/cloudimages/fuzzy': {
        get: {
          operationId: 'listImages',
          parameters: [...windowParameters, ...searchParameters].map((name) => ({
            name,
            in: 'query',
            schema: { type: name === 'limit' ? 'integer' : 'string' },
          })),
          responses: {
            200: {
              description: 'The images.',
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    properties: { images: { type: 'array', items: { $ref: '#/components/schemas/Image' } } },
                  },
                },
              },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        Image: {
          type: 'object',
          required: ['id'],
          properties: Object.fromEntries(attributes.map((name) => [name, typeOf(name)])),
        },
      },
    },
  };
}

/** What Mesh calls a parameter or attribute, as GraphQL keeps names that begin with two underscores to itself. */
export const toMeshName = (name: string): string => name.replace(/^__/, '_0');
