import { parse } from 'graphql';
import { Pool } from 'undici';
import { readWhole } from '../../src/upstream/read-whole.ts';
import { questionToShape } from '../shape.ts';
import { CONNECTIONS, pageSize, question, TOKEN_HEADER, upstreamPath, upstreamUrl } from './environment.ts';
import { listen } from './listen.ts';

// The limit where nothing is kept and a page is answered in other terms than upstream's: one list request, as cheaply as
// undici and the gateway know how, its JSON parsed, the attributes of the measured operation decoded and written. It knows no
// GraphQL and looks at nothing that it is asked.

const pool = new Pool(upstreamUrl(), { connections: CONNECTIONS });
const path = upstreamPath();
const { query, variables } = question();
const size = pageSize();
const { toImage } = questionToShape({ document: parse(query), variables });

await listen((request, response) => {
  request.resume();
  const headers = { [TOKEN_HEADER]: String(request.headers[TOKEN_HEADER]) };
  const { signal } = new AbortController();
  const answer = async (): Promise<void> => {
    const { head, body } = await readWhole(pool, { path, headers, signal }, (status) => ({ status }));
    const { images } = JSON.parse(body.toString());
    const text = JSON.stringify({ images: images.slice(0, size).map(toImage) });
    response.writeHead(head.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
  answer().catch(() => response.destroy());
});
