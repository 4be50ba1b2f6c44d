import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { parseJson } from '../../image/json.ts';
import { documentIdParameters } from '../document-id.ts';
import { show } from '../../image/show.ts';

/**
 * Reads the parameters of a GET (GraphQL over HTTP, section 5.4), in place of yoga's own reader: that counts a
 * parameter which holds no JSON as a mistake of the gateway.
 */
export function useGetParameters(): Plugin {
  return {
    onRequestParse({ request, url, setRequestParser }) {
      if (request.method !== 'GET') return;
      setRequestParser(() =>
        Object.fromEntries([...url.searchParams].flatMap(([name, text]) => toParameter(name, text))),
      );
    },
  };
}

type Parameter = readonly [name: string, value: unknown];

const texts: ReadonlySet<string> = new Set(['query', 'operationName', ...documentIdParameters]);

function toParameter(name: string, text: string): readonly Parameter[] {
  if (text === '') return [];
  if (texts.has(name)) return [[name, text]];
  if (name !== 'variables' && name !== 'extensions') return [];
  const value = parseJson(text);
  if (value === null) return [];
  if (typeof value === 'object' && !Array.isArray(value)) return [[name, value]];
  throw new GraphQLError(`Query parameter "${name}": expected a JSON object, but received ${show(text)}.`, {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
