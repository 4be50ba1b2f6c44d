import type { ServerResponse } from 'node:http';
import type { Mount } from './mount.ts';
import type { Readiness } from './readiness.ts';

const LIVENESS_PATH = '/health/live';
const READINESS_PATH = '/health/ready';

/** `GET /health/live`: the process answers. `GET /health/ready`: it can serve, as far as is known. */
export function createHealthMount(readiness: Readiness): Mount {
  return {
    serves: (path) => path === LIVENESS_PATH || path === READINESS_PATH,
    handle(request, response) {
      if (request.url?.split('?', 1)[0] === LIVENESS_PATH) answer(response, 200, { status: 'alive' });
      else void readiness.check().then((state) => answer(response, state.status === 'ready' ? 200 : 503, state));
    },
  };
}

function answer(response: ServerResponse, status: number, state: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(state)}\n`);
}
