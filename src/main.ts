import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What one start compiles is kept beside the dependencies for the next one. Where nothing can be written there, each start
// compiles. Only what is imported afterwards is kept, hence the second import.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
await import('./process.ts');
// Otherwise it is written at the end, which a process that is killed does not see. Takes a millisecond where nothing is new.
flushCompileCache();
