import { createServer } from 'vite';

/** The page, served by Vite; what it asks at `/graphql` goes to the image gateway. Port 0 takes a free one. */
export async function startPage(graphqlUrl: string, port: number) {
  const { origin } = new URL(graphqlUrl);
  const server = await createServer({
    root: import.meta.dirname,
    logLevel: 'error',
    server: { port, strictPort: port !== 0, proxy: { '/graphql': { target: origin, changeOrigin: true } } },
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The page has no address.');
  return { url, [Symbol.asyncDispose]: () => server.close() };
}
