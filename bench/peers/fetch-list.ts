import { Pool } from 'undici';
import { CONNECTIONS, TOKEN_HEADER, upstreamUrl } from './environment.ts';
import type { FetchList } from './image-pages.ts';

/** Fetches lists over a pool, as directly as undici can. */
export function createFetchList(): FetchList {
  const pool = new Pool(upstreamUrl(), { connections: CONNECTIONS });
  return async (path, token) => {
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers: { [TOKEN_HEADER]: token } });
    const answer: any = await body.json();
    if (statusCode !== 200) throw new Error(`Expected a list, but received status ${statusCode}.`);
    return answer;
  };
}
