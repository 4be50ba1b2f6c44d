import { Pool } from 'undici';
import { CONNECTIONS, TOKEN_HEADER, upstreamPath, upstreamUrl } from './environment.ts';
import { listen } from './listen.ts';

// The limit where nothing is kept: a POST comes in, one list request goes out, and its bytes go back as they are.

const pool = new Pool(upstreamUrl(), { connections: CONNECTIONS });
const path = upstreamPath();

await listen((request, response) => {
  request.resume();
  const headers = { [TOKEN_HEADER]: request.headers[TOKEN_HEADER] };
  pool
    .stream({ method: 'GET', path, headers }, ({ statusCode, headers: answered }) =>
      response.writeHead(statusCode, {
        'content-type': String(answered['content-type']),
        'content-length': String(answered['content-length']),
      }),
    )
    .catch(() => response.destroy());
});
