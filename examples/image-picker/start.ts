import { once } from 'node:events';
import { startImages } from '../federation/start-images.ts';
import { startPage } from './start-page.ts';

const port = (name: string, usual: number): number => Number(process.env[name] ?? usual);

try {
  await using stack = new AsyncDisposableStack();
  const images = stack.use(await startImages(port('IMAGES_PORT', 4201)));
  const page = stack.use(await startPage(images.url, port('PAGE_PORT', 4200)));
  console.log(`Images  ${images.url}\nPicker  ${page.url}\nCtrl-C stops both.`);
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
