import { once } from 'node:events';
import { createServer } from 'node:http';

export interface ListQuestion {
  readonly marker: string | null;
  readonly limit: number;
}

export interface ListServer extends AsyncDisposable {
  readonly url: string;
  /** Every question so far. */
  readonly questions: readonly ListQuestion[];
}

/** An upstream whose lists a test makes up: images as ids, or null for a refused marker. */
export async function startListServer(list: (question: ListQuestion) => readonly string[] | null): Promise<ListServer> {
  const questions: ListQuestion[] = [];
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const question = { marker: query.get('marker'), limit: Number(query.get('limit')) };
    questions.push(question);
    const ids = list(question);
    response.writeHead(ids === null ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(ids === null ? { error: { code: 'IMG.0144' } } : { images: ids.map(toImage) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    questions,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Later ids are older, so that the newest-first order is that of the ids. */
const toImage = (id: string) => ({
  id,
  name: `name ${id}`,
  created_at: `20${90 - Number(id.slice(0, 2))}-01-01T00:00:00Z`,
});
