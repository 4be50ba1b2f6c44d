import graphql from '@graphql-eslint/eslint-plugin';

/** The conventions of schema.graphql: every rule there is for schemas, and what is different here. */
export default [
  {
    files: ['schema.graphql'],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'schema.graphql' } } },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-all'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/require-description': [
        'error',
        { types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true },
      ],
      // Connections list edges; tags and agents are plain lists.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      // Attributes stand in the order of the manual.
      '@graphql-eslint/alphabetize': 'off',
      // Only an image has an identity; the other types are parts of it.
      '@graphql-eslint/strict-id-in-types': 'off',
      // A list that cannot be had is an error of the whole answer, and a client never has to write `images?.edges`.
      '@graphql-eslint/require-nullable-result-in-root': 'off',
      // Wants an argument that `@deprecated` does not have; test/schema-changes.test.ts looks for the date in the reason.
      '@graphql-eslint/require-deprecation-date': 'off',
    },
  },
];
