import { parse } from 'graphql';
import { Pool } from 'undici';
import { questionToShape } from '../shape.ts';
import { CONNECTIONS, pageSize, question, TOKEN_HEADER, upstreamPath, upstreamUrl } from './environment.ts';
import { listen } from './listen.ts';

// The limit where nothing is kept and a page is answered in other terms than upstream's: one list request, its JSON parsed,
// the attributes of the measured operation decoded and written. It knows no GraphQL and looks at nothing that it is asked.

const pool = new Pool(upstreamUrl(), { connections: CONNECTIONS });
const path = upstreamPath();
const { query, variables } = question();
const size = pageSize();
const { toImage } = questionToShape({ document: parse(query), variables });

await listen((request, response) => {
  request.resume();
  const headers = { [TOKEN_HEADER]: request.headers[TOKEN_HEADER] };
  const answer = async (): Promise<void> => {
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
    const { images } = (await body.json()) as any;
    const text = JSON.stringify({ images: images.slice(0, size).map(toImage) });
    response.writeHead(statusCode, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
  answer().catch(() => response.destroy());
});
